import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CreateDependenciesContext, CreateNodesContextV2 } from '@nx/devkit';
import { createDependencies } from './create-dependencies';
import type { NxEscPluginOptions } from '../workspace/plugin-options';
import { createNodesV2 } from './create-nodes';

let workspaceRoot: string;
beforeEach(() => {
  workspaceRoot = mkdtempSync(join(tmpdir(), 'nx-esc-graph-'));
});
afterEach(() => rmSync(workspaceRoot, { recursive: true, force: true }));

/** Infers the graph of a workspace with these files; every folder with a Pulumi.yaml or esc/ is a project. */
async function graphOf(files: Record<string, string>, options?: NxEscPluginOptions) {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspaceRoot, file)), { recursive: true });
    writeFileSync(join(workspaceRoot, file), text);
  }
  const [, infer] = createNodesV2;
  const results = await infer(Object.keys(files), options, { workspaceRoot } as CreateNodesContextV2);
  const projects = Object.fromEntries(
    results.flatMap(([, { projects: found }]) =>
      Object.values(found ?? {}).map((project) => [
        project.name as string,
        { ...project, root: project.root as string },
      ]),
    ),
  );
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
    fileMap: { projectFileMap, nonProjectFiles: [] },
  } as unknown as CreateDependenciesContext;
  const edges = (await createDependencies(undefined, context)).map(
    ({ source, target, type }) => `${source} ${target} ${type}`,
  );
  return { projects, edges };
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

test('no edge to itself, to what there is not, and none twice', async () => {
  const { edges } = await graphOf({
    'app/esc/base.yaml': '',
    'app/esc/dev.yaml': 'imports: [app/base, base, nowhere/x, lib/a, lib/b]',
    'lib/esc/a.yaml': '',
    'lib/esc/b.yaml': '',
  });
  expect(edges).toEqual(['app lib implicit']);
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

test('serving is a target of projects with environments, once it has a name', async () => {
  const files = { ...INFRA, 'app/esc/dev.yaml': 'values: {}' };
  const served = await graphOf(files, { serveTargetName: 'serve-env' });
  expect(served.projects.app?.targets).toMatchObject({
    'serve-env': { executor: 'nx-esc:serve', continuous: true, cache: false },
  });
  expect(served.projects.infra?.targets).not.toHaveProperty('serve-env');
  const { projects } = await graphOf(files);
  expect(Object.keys(projects.app?.targets ?? {})).toEqual(['esc-open', 'esc-check']);
});
