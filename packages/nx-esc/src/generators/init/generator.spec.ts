import { addProjectConfiguration, logger, readJson, readNxJson, type Tree, updateJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { initGenerator } from './generator';

let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
});

const plugins = (): unknown => readNxJson(tree)?.plugins;

test('registers the plugin, its packages and what git ignores, once', async () => {
  tree.write('.gitignore', 'node_modules');
  await initGenerator(tree, { organization: 'acme' });
  await initGenerator(tree, { organization: 'other' });

  expect(plugins()).toEqual([
    {
      plugin: 'nx-esc/plugin',
      options: expect.objectContaining({
        organization: 'acme',
        deployTargetName: 'deploy',
        openTargetName: 'esc-open',
      }),
    },
  ]);
  expect(readJson(tree, 'package.json').devDependencies).toMatchObject({
    'nx-esc': expect.stringMatching(/^\d/),
    pulumi: expect.stringMatching(/^\d/),
  });
  expect(tree.read('.gitignore', 'utf8')).toBe('node_modules\n**/esc/*.local.yaml\n.envrc.local\n');
});

test('recognises a plugin that is registered by its name alone', async () => {
  updateJson(tree, 'nx.json', (nxJson) => ({ ...nxJson, plugins: ['nx-esc'] }));
  await initGenerator(tree, {});
  expect(plugins()).toEqual(['nx-esc']);
});

test('gives way to targets and scripts that have the names already', async () => {
  addProjectConfiguration(tree, 'site', { root: 'apps/site', targets: { deploy: { command: 'rsync' } } });
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: { destroy: { options: { args: [] } } } });
  tree.write('apps/web/package.json', JSON.stringify({ name: 'web', scripts: { preview: 'vite preview' } }));
  updateJson(tree, 'package.json', (manifest) => ({ ...manifest, workspaces: ['apps/*'] }));
  await initGenerator(tree, { backend: 'local' });
  expect(plugins()).toEqual([
    {
      plugin: 'nx-esc/plugin',
      options: expect.objectContaining({
        deployTargetName: 'pulumi-deploy',
        previewTargetName: 'pulumi-preview',
        destroyTargetName: 'destroy',
      }),
    },
  ]);
});

test('leaves out what it is told to', async () => {
  const before = tree.read('package.json', 'utf8');
  await initGenerator(tree, { addPlugin: false, skipPackageJson: true });
  expect(plugins()).toBeUndefined();
  expect(tree.read('package.json', 'utf8')).toBe(before);
  await initGenerator(tree, { pulumi: 'installed' });
  expect(readJson(tree, 'package.json').devDependencies).not.toHaveProperty('pulumi');
});

test.each(['acme corp', '../acme', 'größe', 'x'.repeat(200)])('refuses the organization %j', async (organization) => {
  await expect(initGenerator(tree, { organization })).rejects.toThrow('--organization: ');
  expect(plugins()).toBeUndefined();
});

test.each([
  ['local' as const, 'npx nx-esc keys new'],
  ['local' as const, 'npx nx-esc recipient add <your name>'],
  ['cloud' as const, 'pulumi login'],
])('with the backend %s, says afterwards: %s', async (backend, step) => {
  const info = jest.spyOn(logger, 'info').mockImplementation();
  const callback = await initGenerator(tree, { backend, skipPackageJson: true });
  expect(info).not.toHaveBeenCalled();
  await callback?.();
  expect(info.mock.calls.join()).toContain(step);
  info.mockRestore();
});
