import { compareSideBySide, type EnvironmentMatrix } from '../comparison/environment-matrix';
import { renderMatrix, renderMatrixAsMarkdown } from '../comparison/render';
import { Failure } from '../failures/failure';
import { SECTIONS } from '../provenance/find-key';
import { environmentProjectOf, type WorkspaceIndex } from '../workspace/workspace-index';
import { startCliSession } from './cli-session';
import { comparableEnvironment } from './comparable-environment';
import { formatNamed } from './explain-command';

export interface MatrixCommandOptions {
  readonly workspaceRoot: string;
  readonly project: string;
  /** Columns; all environments that no other of the project builds on unless given. */
  readonly environments: readonly string[];
  readonly format: string;
  readonly open: boolean;
  /** Whether values count that no program gets. */
  readonly all: boolean;
}

const FORMATS: Readonly<Record<string, (matrix: EnvironmentMatrix) => string>> = {
  text: renderMatrix,
  markdown: renderMatrixAsMarkdown,
  json: (matrix) => `${JSON.stringify(matrix, null, 2)}\n`,
};

/** Prints all environments of a project side by side. */
export async function matrixCommand(options: MatrixCommandOptions): Promise<void> {
  const render = formatNamed(FORMATS, options.format);
  const session = startCliSession(options.workspaceRoot);
  try {
    const names = columnsOf(session.index, options);
    const columns = await Promise.all(
      names.map(async ({ ref, name }) => ({
        ...(await comparableEnvironment(session, ref, { isOpened: options.open })),
        name,
      })),
    );
    const sections: readonly unknown[] = SECTIONS;
    process.stdout.write(render(compareSideBySide(columns, ({ path }) => options.all || sections.includes(path[0]))));
  } finally {
    session.dispose();
  }
}

function columnsOf(
  index: WorkspaceIndex,
  { project, environments }: MatrixCommandOptions,
): { readonly ref: string; readonly name: string }[] {
  const indexed =
    index.project(project) ?? [...index.projects()].find(({ name }) => environmentProjectOf(name) === project);
  if (indexed === undefined || indexed.files.environments.size === 0) {
    const projects = [...index.projects()].filter(({ files }) => files.environments.size > 0);
    throw new Failure({
      class: 'config',
      code: 'project-not-found',
      message: `there is no project ${JSON.stringify(project)} with environments`,
      hint: `there are: ${projects
        .map(({ name }) => name)
        .sort()
        .join(', ')}`,
    });
  }
  const owner = environmentProjectOf(indexed.name);
  const all = [...indexed.files.environments.keys()].sort();
  const imported = new Set(
    [...indexed.files.environments.values()].flatMap((file) =>
      index.referencesIn(file).flatMap(({ kind, to }) => (kind === 'import' ? [to] : [])),
    ),
  );
  const ends = all.filter((name) => !imported.has(name) && !imported.has(`${owner}/${name}`));
  const chosen = environments.length > 0 ? environments : ends;
  return chosen.map((name) => ({ ref: `${owner}/${name}`, name }));
}
