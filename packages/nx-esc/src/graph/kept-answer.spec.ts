import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CreateDependenciesContext, CreateNodesContextV2 } from '@nx/devkit';
import { buildEntityGraph } from '../workspace/entity-graph';
import type { NxEscPluginOptions } from '../workspace/plugin-options';
import { createDependencies } from './create-dependencies';
import { createNodesV2 } from './create-nodes';

jest.mock('../workspace/entity-graph', () => {
  const actual = jest.requireActual<typeof import('../workspace/entity-graph')>('../workspace/entity-graph');
  return { ...actual, buildEntityGraph: jest.fn(actual.buildEntityGraph) };
});
const build = jest.mocked(buildEntityGraph);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-answer-'));
  jest.replaceProperty(process, 'env', { ...process.env, NX_WORKSPACE_DATA_DIRECTORY: join(root, '.nx') });
  write('app/Pulumi.yaml', 'name: app');
  write('app/esc/dev.yaml', 'imports: [lib/dev]');
  write('lib/esc/dev.yaml', 'values: {}');
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

/** Files are as old as those of a real workspace. */
function write(file: string, text: string, secondsAgo = 60): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const time = Date.now() / 1000 - secondsAgo;
  utimesSync(path, time, time);
}

interface Run {
  readonly files?: readonly string[];
  readonly options?: NxEscPluginOptions;
  readonly others?: CreateDependenciesContext['projects'];
}

const FILES = ['app/Pulumi.yaml', 'app/esc/dev.yaml', 'lib/esc/dev.yaml'];

/** What Nx does in one command; `isKept` tells whether the graph was not built anew. */
async function run({ files = FILES, options, others = {} }: Run = {}) {
  build.mockClear();
  const [, infer] = createNodesV2;
  const nodes = await infer(files, options, { workspaceRoot: root } as CreateNodesContextV2);
  const inferred = nodes.flatMap(([, { projects = {} }]) =>
    Object.entries(projects).map(
      ([folder, project]) => [project.name ?? folder, { ...project, root: folder }] as const,
    ),
  );
  const projects = { ...Object.fromEntries(inferred), ...others };
  const projectFileMap = Object.fromEntries(
    Object.entries(projects).map(([name, project]) => [
      name,
      files.filter((file) => file.startsWith(`${project.root}/`)).map((file) => ({ file, hash: '' })),
    ]),
  );
  const context = {
    workspaceRoot: root,
    projects,
    externalNodes: {},
    fileMap: { projectFileMap, nonProjectFiles: [] },
  };
  const edges = await createDependencies(options, context as unknown as CreateDependenciesContext);
  const isKept = build.mock.calls.length === 0;
  return { isKept, nodes, edges: edges.map(({ source, target }) => `${source} ${target}`) };
}

test('what was answered is answered again as long as nothing has changed', async () => {
  const first = await run();
  expect(first).toMatchObject({ isKept: false, edges: ['app lib'] });
  expect(await run()).toEqual({ ...first, isKept: true });
});

test.each([
  ['a changed file', () => write('app/esc/dev.yaml', 'values: {}', 30), {}, []],
  ['a file that is not there any more', () => rmSync(join(root, 'lib/esc/dev.yaml')), {}, ['app lib']],
  ['a file that was looked for and is there now', () => write('lib/project.json', '{}'), {}, ['app lib']],
  ['another file', () => write('lib/esc/prod.yaml', ''), { files: [...FILES, 'lib/esc/prod.yaml'] }, ['app lib']],
  ['another option', () => undefined, { options: { deployTargetName: 'up' } }, ['app lib']],
  [
    'a target of another project that names an environment',
    () => undefined,
    { others: { e2e: { root: 'e2e', targets: { test: { command: 'nx-esc run app/dev -- x' } } } } },
    ['app lib', 'e2e app'],
  ],
])('%s makes it a new question', async (_name, change, next, expected) => {
  await run();
  change();
  expect(await run(next)).toMatchObject({ isKept: false, edges: expected });
  expect(await run(next)).toMatchObject({ isKept: true, edges: expected });
});

test.each([
  ['is cut off', (text: string) => text.slice(0, text.length / 2)],
  ['is empty', () => ''],
  ['is changed', (text: string) => text.replace('nx-esc:deploy', 'nx-esc:destroy')],
])('an answer that %s counts as none, and is written anew', async (_name, spoil) => {
  const first = await run();
  const file = join(root, '.nx/nx-esc-answer.json');
  writeFileSync(file, spoil(readFileSync(file, 'utf8')));
  expect(await run()).toEqual(first);
  expect(await run()).toEqual({ ...first, isKept: true });
});

test.each([
  ['a value', 'imports: [lib/dev]\nvalues: { a: 1 }'],
  ['a comment', 'imports: [lib/dev] # for the name'],
])('an edit of %s makes no new question', async (_name, text) => {
  const first = await run();
  write('app/esc/dev.yaml', text, 30);
  expect(await run()).toEqual({ ...first, isKept: true });
  // Its own times are the ones that count from now on.
  write('app/esc/dev.yaml', 'values: {}', 20);
  expect(await run()).toMatchObject({ isKept: false, edges: [] });
});

test('a file that has just changed may change again within the tick of the clock', async () => {
  write('app/esc/dev.yaml', 'imports: [lib/dev]', 0);
  const first = await run();
  expect(await run()).toEqual({ ...first, isKept: true });
  const { mtimeMs } = statSync(join(root, 'app/esc/dev.yaml'));
  write('app/esc/dev.yaml', 'imports: [lib/sta]', 0);
  utimesSync(join(root, 'app/esc/dev.yaml'), mtimeMs / 1000, mtimeMs / 1000);
  expect(await run()).toMatchObject({ isKept: false });
});

test('what files said is compared with what they said for this answer', async () => {
  await run();
  const file = join(root, '.nx/nx-esc-facts.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('lib/dev', 'lib/old'));
  write('app/esc/dev.yaml', 'imports: [lib/old]', 30);
  expect(await run()).toMatchObject({ isKept: false });
});

test('a broken file is warned about by every run', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  write('lib/esc/dev.yaml', '{');
  await run();
  await run();
  expect(warn).toHaveBeenCalledTimes(2);
});
