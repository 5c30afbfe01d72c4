import { addProjectConfiguration, readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { environmentGenerator } from '../environment/generator';
import { stackGenerator } from './generator';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: {} });
});

const text = (file: string): string => tree.read(file, 'utf8') ?? '';

test('adds a program, and a stack for each environment that is deployed', async () => {
  await environmentGenerator(tree, { project: 'api' });
  await stackGenerator(tree, { project: 'api' });

  expect(text('apps/api/Pulumi.yaml')).toBe('name: api\nruntime: nodejs\nmain: stack/index.ts\n');
  expect(text('apps/api/Pulumi.staging.yaml')).toBe(
    '# Variables, files and configuration come from this environment.\nenvironment:\n  - api/staging\n',
  );
  expect(tree.exists('apps/api/Pulumi.prod.yaml')).toBe(true);
  expect(tree.exists('apps/api/Pulumi.dev.yaml')).toBe(false);
  expect(tree.exists('apps/api/Pulumi.base.yaml')).toBe(false);
  expect(text('apps/api/stack/index.ts')).toContain('export const service_name = `api-${getStack()}`;');
  expect(readJson(tree, 'package.json').dependencies).toHaveProperty('@pulumi/pulumi');
});

test('adopts what is there', async () => {
  await environmentGenerator(tree, { project: 'api', environments: ['staging'] });
  tree.write('apps/api/infra/Pulumi.yaml', 'name: backend # ours\nruntime: nodejs\n');
  tree.write('apps/api/infra/Pulumi.staging.yaml', '# Ours.\nconfig:\n  backend:size: 3\n');
  await stackGenerator(tree, { project: 'api', stacks: ['staging', 'qa'] });

  expect(tree.exists('apps/api/Pulumi.yaml')).toBe(false);
  expect(text('apps/api/infra/Pulumi.yaml')).toBe('name: backend # ours\nruntime: nodejs\n');
  expect(text('apps/api/infra/Pulumi.staging.yaml')).toBe(
    '# Ours.\nconfig:\n  backend:size: 3\n# Variables, files and configuration come from this environment.\nenvironment:\n  - api/staging\n',
  );
  expect(text('apps/api/infra/Pulumi.qa.yaml')).toBe('# The configuration of the stack.\n');
});

test('keeps the environment that a stack names already', async () => {
  await environmentGenerator(tree, { project: 'api', environments: ['staging'] });
  tree.write('apps/api/Pulumi.yaml', 'name: api\nruntime: nodejs\n');
  tree.write('apps/api/Pulumi.staging.yaml', 'environment:\n  - platform/staging\n');
  await stackGenerator(tree, { project: 'api' });
  expect(text('apps/api/Pulumi.staging.yaml')).toBe('environment:\n  - platform/staging\n');
});

test('changes nothing when it is run again', async () => {
  await stackGenerator(tree, { project: 'api' });
  const before = tree.listChanges().map(({ path, content }) => [path, content?.toString()]);
  await stackGenerator(tree, { project: 'api' });
  expect(tree.listChanges().map(({ path, content }) => [path, content?.toString()])).toEqual(before);
});

test('adds the SDK to the package.json of a project that has one', async () => {
  tree.write('packages/web/package.json', JSON.stringify({ name: '@acme/web' }));
  tree.write('package.json', JSON.stringify({ name: 'root', workspaces: ['packages/*'] }));
  await stackGenerator(tree, { project: '@acme/web', stacks: ['prod'] });
  expect(readJson(tree, 'packages/web/package.json').dependencies).toHaveProperty('@pulumi/pulumi');
  expect(text('packages/web/Pulumi.yaml')).toContain('name: web\n');
});

describe('in a workspace of TypeScript project references', () => {
  const referencesOf = (file: string): unknown => readJson(tree, file).references;

  beforeEach(() => {
    tree.write('tsconfig.json', '{ "files": [], "references": [{ "path": "./apps/api" }] /* ours */ }');
    tree.write('apps/api/package.json', '{ "name": "@acme/api", "type": "module" }');
    tree.write('apps/api/tsconfig.json', '{ "files": [], "references": [{ "path": "./tsconfig.lib.json" }] }');
    tree.delete('apps/api/project.json');
    tree.write('package.json', '{ "workspaces": ["apps/*"] }');
  });

  test('a project compiles its program too, with what ES modules need', async () => {
    await stackGenerator(tree, { project: 'api' });
    await stackGenerator(tree, { project: 'api' });
    expect(referencesOf('apps/api/tsconfig.json')).toEqual([{ path: './tsconfig.lib.json' }, { path: './stack' }]);
    expect(readJson(tree, 'apps/api/stack/tsconfig.json').compilerOptions).toMatchObject({
      composite: true,
      emitDeclarationOnly: true,
      outDir: '../out-tsc/stack',
    });
    expect(readJson(tree, 'package.json').devDependencies).toHaveProperty('ts-node');
  });

  test('the workspace compiles the program of a project that is nothing else', async () => {
    await stackGenerator(tree, { project: 'infra', root: 'apps/infra' });
    expect(referencesOf('tsconfig.json')).toEqual([{ path: './apps/api' }, { path: './apps/infra/stack' }]);
    expect(text('tsconfig.json')).toContain('/* ours */');
    expect(readJson(tree, 'package.json').devDependencies).not.toHaveProperty('ts-node');
  });

  test('a program that has a tsconfig.json keeps it, and is not referred to', async () => {
    tree.write('apps/api/stack/tsconfig.json', '{}');
    await stackGenerator(tree, { project: 'api' });
    expect(text('apps/api/stack/tsconfig.json')).toBe('{}');
    expect(referencesOf('apps/api/tsconfig.json')).toEqual([{ path: './tsconfig.lib.json' }]);
  });
});

test('finds a project without its scope, unless two have the name', async () => {
  tree.write('package.json', JSON.stringify({ name: 'root', workspaces: ['packages/*', 'libs/*'] }));
  tree.write('packages/web/package.json', JSON.stringify({ name: '@acme/web' }));
  await stackGenerator(tree, { project: 'web', stacks: ['prod'] });
  expect(tree.exists('packages/web/Pulumi.prod.yaml')).toBe(true);
  tree.write('libs/web/package.json', JSON.stringify({ name: '@other/web' }));
  await expect(stackGenerator(tree, { project: 'web' })).rejects.toThrow('there is no project "web"');
});

test.each([
  [{ stacks: ['../prod'] }, 'stacks'],
  [{ stacks: ['a b'] }, 'stacks'],
  [{ directory: '../stack' }, 'directory'],
  [{ directory: '/etc' }, 'directory'],
])('refuses %j, and leaves the tree alone', async (options, option) => {
  const before = tree.listChanges().length;
  await expect(stackGenerator(tree, { project: 'api', ...options })).rejects.toThrow(`--${option}: `);
  expect(tree.listChanges()).toHaveLength(before);
});

test('adds a project that is nothing but stacks', async () => {
  await stackGenerator(tree, { project: 'infra', root: 'platform/infra' });
  expect(text('platform/infra/Pulumi.yaml')).toContain('name: infra\n');
  expect(tree.exists('platform/infra/Pulumi.prod.yaml')).toBe(true);
  await expect(stackGenerator(tree, { project: 'network', root: 'platform/net' })).rejects.toThrow('--root: ');
});
