import { type Comparable, compareEnvironments, type EnvironmentDiff } from '../comparison/compare-environments';
import { renderDiff, renderDiffAsMarkdown } from '../comparison/render';
import { Failure } from '../failures/failure';
import { comparableEnvironment, emptyEnvironment, readRevision } from './comparable-environment';
import { type CliSession, startCliSession } from './cli-session';
import { formatNamed } from './explain-command';

export interface DiffCommandOptions {
  readonly workspaceRoot: string;
  /** `project/environment`, or `project/environment@{revision}`. */
  readonly before: string;
  readonly after?: string;
  /** Revision of the older side, where one environment is compared with itself. */
  readonly base?: string;
  readonly format: string;
  readonly open: boolean;
  /** Whether the exit code says that there are differences. */
  readonly exitCode: boolean;
}

const FORMATS: Readonly<Record<string, (diff: EnvironmentDiff) => string>> = {
  text: renderDiff,
  markdown: renderDiffAsMarkdown,
  json: (diff) => `${JSON.stringify(diff, null, 2)}\n`,
};

/** Compares two environments, or one with itself at a revision of git, and answers the exit code. */
export async function diffCommand(options: DiffCommandOptions): Promise<number> {
  const render = formatNamed(FORMATS, options.format);
  const { before, after, base } = options;
  if ((after === undefined) === (base === undefined)) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: 'a comparison has two sides',
      hint: 'give two environments, or one and --base <revision>',
    });
  }
  const session = startCliSession(options.workspaceRoot);
  try {
    const isOpened = options.open;
    const newer = await readSide(session, after ?? before, { isOpened });
    const older =
      base === undefined
        ? await readSide(session, before, { isOpened })
        : await readBase(session, before, { base, isOpened });
    const diff = compareEnvironments(older, newer);
    process.stdout.write(render(diff));
    return options.exitCode && diff.differences.length > 0 ? 1 : 0;
  } finally {
    session.dispose();
  }
}

interface SideOptions {
  readonly isOpened: boolean;
}

async function readSide(session: CliSession, written: string, { isOpened }: SideOptions): Promise<Comparable> {
  const [, ref, revision] = /^(.+)@\{(.+)\}$/.exec(written) ?? [];
  if (ref === undefined || revision === undefined) return comparableEnvironment(session, written, { isOpened });
  refuseToOpenHistory(isOpened);
  const options = { isOpened, revision: await readRevision(session, revision, false) };
  return { ...(await comparableEnvironment(session, ref, options)), name: written };
}

/** An environment that was not there yet had no values. */
async function readBase(
  session: CliSession,
  ref: string,
  { base, isOpened }: SideOptions & { readonly base: string },
): Promise<Comparable> {
  refuseToOpenHistory(isOpened);
  const name = `${ref}@{${base}}`;
  const revision = await readRevision(session, base, true);
  try {
    return { ...(await comparableEnvironment(session, ref, { isOpened, revision })), name };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'environment-not-found') throw error;
    return emptyEnvironment(name);
  }
}

function refuseToOpenHistory(isOpened: boolean): void {
  if (!isOpened) return;
  throw new Failure({
    class: 'config',
    code: 'option-invalid',
    message: 'an environment of another revision is not opened: what providers answer is of today',
    hint: 'leave out --open',
  });
}
