import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addProjectConfiguration, logger, readJson, readNxJson, type Tree, updateJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { initGenerator } from './generator';

const BEN = 'age1xjchn03ee3myr5xydemujyqfp2x4x9l2vl6j6z9umrawjgtvwsvq6sv05h';
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

describe('a recipient', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'nx-esc-init-'));
    jest.replaceProperty(process, 'env', { PATH: process.env.PATH, HOME: home });
    jest.spyOn(console, 'log').mockImplementation();
    jest.spyOn(logger, 'info').mockImplementation();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(home, { recursive: true });
  });
  const keyFile = (): string => join(home, '.config/nx-esc/age.key');
  const init = (recipient: string) => initGenerator(tree, { recipient, skipPackageJson: true });

  test('gets a private key of its own, once the files of the workspace are written', async () => {
    const callback = await init('anna');
    expect(existsSync(keyFile())).toBe(false);
    await callback?.();
    const [, publicKey = ''] =
      /^# public key: (age1\S+)\nAGE-SECRET-KEY-1\S+\n$/.exec(readFileSync(keyFile(), 'utf8')) ?? [];
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    const recipients = tree.read('esc.recipients.yaml', 'utf8');
    expect(recipients).toMatch(new RegExp(`^# Who .*\\nrecipients:\\n  anna: ${publicKey}\\n$`));
    await (
      await init('anna')
    )?.();
    expect(tree.read('esc.recipients.yaml', 'utf8')).toBe(recipients);
  });

  test('keeps the key that is there, and joins those of the workspace', async () => {
    await (
      await init('anna')
    )?.();
    const key = readFileSync(keyFile(), 'utf8');
    tree.write('esc.recipients.yaml', `# Ours.\nrecipients:\n  ben: ${BEN} # on leave\n`);
    await expect(init('ben')).rejects.toThrow('somebody with another key has that name');
    await (
      await init('anna')
    )?.();
    expect(readFileSync(keyFile(), 'utf8')).toBe(key);
    expect(tree.read('esc.recipients.yaml', 'utf8')).toMatch(
      /^# Ours\.\nrecipients:\n  ben: \S+ # on leave\n  anna: age1\S+\n$/,
    );
  });
});
