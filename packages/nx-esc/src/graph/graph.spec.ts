import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CreateDependenciesContext, CreateNodesContextV2 } from '@nx/devkit';
import { createDependencies } from './create-dependencies';
import type { NxEscPluginOptions } from '../workspace/plugin-options';
import { isConfigFile } from '../workspace/project-files';
import { createNodesV2 } from './create-nodes';

let workspaceRoot: string;
beforeEach(() => {
  workspaceRoot = mkdtempSync(join(tmpdir(), 'nx-esc-graph-'));
});
afterEach(() => rmSync(workspaceRoot, { recursive: true, force: true }));

/** Infers the graph of a workspace with these files; every folder with a Pulumi.yaml or esc/ is a project. */
async function graphOf(
  files: Record<string, string>,
  others: CreateDependenciesContext['projects'] = {},
  options?: NxEscPluginOptions,
) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspaceRoot, file)), { recursive: true });
    writeFileSync(join(workspaceRoot, file), text);
  }
  const [, infer] = createNodesV2;
  const results = await infer(Object.keys(files).filter(isConfigFile), options, {
    workspaceRoot,
  } as CreateNodesContextV2);
  const inferred = Object.fromEntries(
    results.flatMap(([, { projects: found }]) =>
      Object.values(found ?? {}).map((project) => [
        project.name ?? (project.root as string),
        { ...project, root: project.root as string },
      ]),
    ),
  );
  const projects = { ...inferred, ...others };
  const externalNodes = Object.assign({}, ...results.map(([, { externalNodes: found }]) => found)) as object;
  const projectFileMap = Object.fromEntries(
    Object.entries(projects).map(([name, { root }]) => [
      name,
      Object.keys(files)
        .filter((file) => file.startsWith(`${root}/`))
        .map((file) => ({ file, hash: '' })),
    ]),
  );
  const context = {
    workspaceRoot,
    projects,
    externalNodes,
    fileMap: { projectFileMap, nonProjectFiles: [] },
  } as unknown as CreateDependenciesContext;
  const edges = (await createDependencies(undefined, context)).map(
    ({ source, target, type }) => `${source} ${target} ${type}`,
  );
  return { projects: inferred, edges, externalNodes };
}

const INFRA = { 'infra/Pulumi.yaml': 'name: infrastructure\nruntime: yaml\n', 'infra/Pulumi.dev.yaml': '' };

test.each([
  ['a stack names an environment', { 'app/Pulumi.yaml': 'name: app', 'app/Pulumi.dev.yaml': 'environment: [lib/dev]' }],
  [
    'a stack holds one that imports',
    { 'app/Pulumi.yaml': 'name: app', 'app/Pulumi.dev.yaml': 'environment: { imports: [lib/dev] }' },
  ],
  ['an environment imports', { 'app/esc/dev.yaml': 'imports: [{ lib/dev: { merge: false } }]' }],
  ['an environment refers inline', { 'app/esc/dev.yaml': 'values: { a: ["x ${environments.lib.dev.y}"] }' }],
  ['an inline reference is quoted', { 'app/esc/dev.yaml': 'values: { a: \'${environments["lib"]["dev"].y}\' }' }],
])('an edge where %s', async (_name, files) => {
  const { edges } = await graphOf({ ...files, 'lib/esc/dev.yaml': 'values: { y: 1 }' });
  expect(edges).toEqual(['app lib implicit']);
});

test.each([
  ['short', 'values: { i: { fn::open::pulumi-stacks: { stacks: { i: { stack: infrastructure/dev } } } } }'],
  [
    'with organization',
    'values: { i: { fn::open::pulumi-stacks: { stacks: { i: { stack: acme/infrastructure/dev } } } } }',
  ],
  [
    'long, deep down',
    'values: { a: [{ fn::open: { provider: pulumi-stacks, inputs: { stacks: { i: { stack: infrastructure/dev } } } } }] }',
  ],
])('an edge to the project of a stack: %s', async (_name, text) => {
  const { edges } = await graphOf({ ...INFRA, 'app/esc/dev.yaml': text });
  expect(edges).toEqual(['app infra implicit']);
});

test('no edge to itself, none twice, and one to a node of its own for what there is not', async () => {
  const { edges } = await graphOf({
    'app/esc/base.yaml': '',
    'app/esc/dev.yaml': 'imports: [app/base, base, nowhere/x, lib/a, lib/b]',
    'lib/esc/a.yaml': '',
    'lib/esc/b.yaml': '',
  });
  expect(edges).toEqual(['app esc:nowhere/x implicit', 'app lib implicit']);
});

test('a broken file is warned about with its place, and the rest stands', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { edges, projects } = await graphOf({
    ...INFRA,
    'app/esc/bad.yaml': 'values:\n  a: [1\n  b: 2\n',
    'app/esc/dev.yaml': 'values: { i: { fn::open::pulumi-stacks: { stacks: { i: { stack: infrastructure/dev } } } } }',
  });
  expect(edges).toEqual(['app infra implicit']);
  expect(Object.keys(projects.app?.targets ?? {})).toEqual(['esc-open', 'esc-check']);
  expect(warn.mock.calls.flat().join('\n')).toMatch(/app\/esc\/bad\.yaml:\d+:\d+: /);
  warn.mockRestore();
});

test('every deploy-like target has a configuration per stack, no default, and inputs that carry the edges', async () => {
  const { projects } = await graphOf({ ...INFRA, 'infra/Pulumi.prod.yaml': '' });
  const { deploy, preview } = projects.infra?.targets ?? {};
  expect(deploy).toMatchObject({
    executor: 'nx-esc:deploy',
    cache: false,
    inputs: ['default', '^default'],
    configurations: { dev: {}, prod: {} },
    dependsOn: [{ target: 'deploy', dependencies: true, params: 'forward' }],
  });
  expect(deploy).not.toHaveProperty('defaultConfiguration');
  expect(preview?.configurations).toEqual({ dev: {}, prod: {} });
});

test('what is not in the workspace, or is asked for in a version, becomes a node and metadata', async () => {
  const { edges, externalNodes, projects } = await graphOf({
    'app/esc/dev.yaml':
      'imports: [far/base@3, lib/dev@stable]\nvalues: { i: { fn::open::pulumi-stacks: { stacks: { i: { stack: far/net/dev } } } } }',
    'lib/esc/dev.yaml': '',
  });
  expect(edges).toEqual(['app esc:far/base@3 implicit', 'app lib implicit', 'app pulumi:far/net/dev implicit']);
  expect(externalNodes).toEqual({
    'esc:far/base@3': { type: 'esc', name: 'esc:far/base@3', data: { version: '3', packageName: 'far/base' } },
    'pulumi:far/net/dev': {
      type: 'pulumi',
      name: 'pulumi:far/net/dev',
      data: { version: 'latest', packageName: 'far/net/dev' },
    },
  });
  expect(projects.app?.metadata).toMatchObject({
    esc: {
      remote: [
        { kind: 'environment', name: 'far/base', version: '3', isLocal: false, files: ['app/esc/dev.yaml'] },
        { kind: 'environment', name: 'lib/dev', version: 'stable', isLocal: true },
        { kind: 'stack', name: 'far/net/dev', isLocal: false },
      ],
    },
  });
});

test('an edge where a target of any project names an environment or a stack, unless it would close a cycle', async () => {
  const files = { ...INFRA, 'lib/esc/dev.yaml': '', 'app/esc/dev.yaml': 'imports: [lib/dev]' };
  const { edges } = await graphOf(files, {
    e2e: { root: 'e2e', targets: { test: { command: 'nx-esc run app/dev -- playwright test' } } },
    smoke: { root: 'smoke', targets: { run: { metadata: { scriptContent: 'nx run infra:outputs --env=dev' } } } },
    lib: { root: 'lib', targets: { try: { command: 'nx-esc open app/dev' } } },
  });
  expect(edges).toEqual(['app lib implicit', 'e2e app implicit', 'smoke infra implicit']);
});

test('a target of the project keeps its name, and the inferred one gets another', async () => {
  const { projects } = await graphOf({
    ...INFRA,
    'infra/package.json': '{ "name": "infra", "scripts": { "deploy": "make" } }',
    'app/Pulumi.yaml': 'name: app',
    'app/project.json': '{ "name": "app", "targets": { "deploy": { "options": { "commands": ["true"] } } } }',
  });
  expect(Object.keys(projects.infra?.targets ?? {})).toEqual([
    'pulumi-deploy',
    'preview',
    'destroy',
    'outputs',
    'esc-check',
  ]);
  expect(projects.app?.targets?.deploy?.dependsOn).toEqual([
    { target: 'deploy', dependencies: true, params: 'forward' },
    { target: 'pulumi-deploy', dependencies: true, params: 'forward' },
  ]);
});

test('what a program reads outside of its project is an input of its targets', async () => {
  const { projects } = await graphOf({
    'app/Pulumi.yaml': 'name: app\nruntime: nodejs',
    'app/index.ts': "import { a } from '../parts/a';",
    'parts/a.ts': "export * from './b';",
    'parts/b.ts': '',
  });
  expect(projects.app?.targets?.deploy?.inputs).toEqual([
    'default',
    '^default',
    '{workspaceRoot}/parts/a.ts',
    '{workspaceRoot}/parts/b.ts',
  ]);
});

test('serving is a target of projects with environments, once it has a name', async () => {
  const files = { ...INFRA, 'app/esc/dev.yaml': 'values: {}' };
  const served = await graphOf(files, {}, { serveTargetName: 'serve-env' });
  expect(served.projects.app?.targets).toMatchObject({
    'serve-env': { executor: 'nx-esc:serve', continuous: true, cache: false },
  });
  expect(served.projects.infra?.targets).not.toHaveProperty('serve-env');
  const { projects } = await graphOf(files);
  expect(Object.keys(projects.app?.targets ?? {})).toEqual(['esc-open', 'esc-check']);
});
