import { relative } from 'node:path';
import { Writable } from 'node:stream';
import { indexRevision, type Revision, RevisionFiles } from '../affected/revision';
import { type Comparable, compareEnvironments, type EnvironmentDiff } from '../comparison/compare-environments';
import { renderDiff, renderDiffAsMarkdown } from '../comparison/render';
import { escapeControls } from '../failures/escape-controls';
import { Failure } from '../failures/failure';
import { compareSides, type SideComparison } from '../synchronization/compare-sides';
import { definitionDiff } from '../synchronization/definition-diff';
import { maskSecrets } from '../synchronization/definition-leaves';
import { importsOf } from '../synchronization/import-order';
import { ConsoleReporter } from '../workspace/console-reporter';
import { cacheFolderOf } from '../workspace/facts/cache-files';
import { DiskFacts } from '../workspace/facts/disk-facts';
import { findConfigFiles } from '../workspace/find-files';
import { createServices } from './cli-session';
import { comparableEnvironment, emptyEnvironment } from './comparable-environment';
import { formatNamed } from './explain-command';
import { selectEnvironments, type SyncSession, withSync } from './sync-session';

export interface RemoteDiffOptions {
  readonly workspaceRoot: string;
  readonly ref: string;
  readonly format: string;
  readonly open: boolean;
  readonly exitCode: boolean;
  /** Another environment or revision, which cannot be compared with the service. */
  readonly other?: string;
}

/** Values that differ, and the definitions as a unified diff. */
interface RemoteDiff extends EnvironmentDiff {
  readonly definitions: string;
}

const FORMATS: Readonly<Record<string, (diff: RemoteDiff) => string>> = {
  text: (diff) => `${renderDiff(diff)}${diff.definitions === '' ? '' : `\n${diff.definitions}`}`,
  markdown: (diff) =>
    `${renderDiffAsMarkdown(diff)}${diff.definitions === '' ? '' : `\n\`\`\`\`\`diff\n${diff.definitions}\`\`\`\`\`\n`}`,
  json: (diff) => `${JSON.stringify(diff, null, 2)}\n`,
};

/** Compares what the service has with the file of an environment, by values and by lines, and answers the exit code. */
export async function remoteDiffCommand(options: RemoteDiffOptions): Promise<number> {
  const { workspaceRoot, ref, format, open, exitCode, other } = options;
  if (other !== undefined) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: '--remote compares the file of one environment with what the service has',
      hint: `leave out ${other}`,
    });
  }
  const render = formatNamed(FORMATS, format);
  return withSync(workspaceRoot, async (session) => {
    const selection = { names: [ref], all: false, affected: false };
    const [name = ref] = await selectEnvironments(session, selection, { includesRemote: true });
    const comparison = await compareSides(session.sync, name);
    const sides = open ? await openBoth(session, comparison) : await evaluateBoth(session, comparison);
    const diff = { ...compareEnvironments(...sides), definitions: await definitionDiff(session.sync, comparison) };
    process.stdout.write(format === 'json' ? render(diff) : escapeControls(render(diff)));
    return exitCode && (diff.differences.length > 0 || diff.definitions !== '') ? 1 : 0;
  });
}

/** What providers and imports answer today, here and there. */
async function openBoth(session: SyncSession, comparison: SideComparison): Promise<[Comparable, Comparable]> {
  const { services, sync } = session;
  const local = createServices(sync.workspaceRoot, services.signal, 'local').services;
  const [there, here] = labelsOf(session, comparison);
  const source = { kind: 'reference', ref: comparison.name } as const;
  const openOne = async (backend: typeof local.backend, isThere: boolean, label: string): Promise<Comparable> => {
    if (!isThere) return emptyEnvironment(label);
    const { root } = await backend.open({ source, signal: services.signal });
    return { name: label, root, describe: () => undefined };
  };
  return [
    await openOne(services.backend, comparison.remote !== undefined, there),
    await openOne(local.backend, comparison.file !== undefined, here),
  ];
}

/** What both definitions say, with those of their imports on the same side; nothing is opened. */
async function evaluateBoth(session: SyncSession, comparison: SideComparison): Promise<[Comparable, Comparable]> {
  const { name } = comparison;
  const comparisons = new Map([[name, comparison]]);
  let [remote, local] = revisionsOf(session, comparisons);
  // Each side may import what the other does not.
  for (;;) {
    const imported = [remote, local].flatMap(({ graph }) => [...importsOf(name, graph).closure]);
    const missing = [...new Set(imported)].filter((each) => !comparisons.has(each));
    if (missing.length === 0) break;
    for (const each of missing) comparisons.set(each, await compareSides(session.sync, each));
    [remote, local] = revisionsOf(session, comparisons);
  }
  // What is wrong with a definition is told by check and push.
  const reporter = new ConsoleReporter(new Writable({ write: (_chunk, _encoding, done) => done() }));
  const quiet = { ...session, services: { ...session.services, reporter } };
  const [there, here] = labelsOf(session, comparison);
  const evaluate = async (revision: Revision, isThere: boolean, label: string): Promise<Comparable> =>
    isThere
      ? { ...(await comparableEnvironment(quiet, name, { isOpened: false, revision })), name: label }
      : emptyEnvironment(label);
  return [
    // Without a file there is no place for it here.
    await evaluate(remote, comparison.remote !== undefined && comparison.path !== undefined, there),
    await evaluate(local, comparison.file !== undefined, here),
  ];
}

/** The workspace as the service has its environments, and as it is; secrets are tokens in both. */
function revisionsOf(
  { sync }: SyncSession,
  comparisons: ReadonlyMap<string, SideComparison>,
): [remote: Revision, local: Revision] {
  const { workspaceRoot, index } = sync;
  const disk = new DiskFacts(workspaceRoot, cacheFolderOf(workspaceRoot));
  const revisionWith = (textOf: (comparison: SideComparison) => string | undefined): Revision => {
    const differing = [...comparisons.values()].flatMap((each): [string, Buffer | null][] => {
      if (each.path === undefined) return [];
      const text = textOf(each);
      const masked = text === undefined ? null : Buffer.from(maskSecrets(each.name, text, each.identities.tokenOf));
      return [[relative(workspaceRoot, each.path), masked]];
    });
    const files = new RevisionFiles(workspaceRoot, disk, new Map(differing));
    return indexRevision(files, findConfigFiles(workspaceRoot), index.organization);
  };
  return [revisionWith(({ remote }) => remote?.text), revisionWith(({ file }) => file?.text)];
}

function labelsOf({ sync }: SyncSession, { name, path, remote }: SideComparison): [there: string, here: string] {
  const there = remote === undefined ? `${name} (not in the service)` : `${name} (revision ${remote.revision})`;
  return [there, path === undefined ? `${name} (no file)` : relative(sync.workspaceRoot, path)];
}
