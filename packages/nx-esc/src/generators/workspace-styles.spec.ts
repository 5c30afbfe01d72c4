import { addProjectConfiguration, readJson, readNxJson, type Tree, updateJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { configTypesGenerator } from './config-types/generator';
import { direnvGenerator } from './direnv/generator';
import { environmentGenerator } from './environment/generator';
import { initGenerator } from './init/generator';
import { stackReferenceGenerator } from './stack-reference/generator';
import { stackGenerator } from './stack/generator';

/** The way of a newcomer through the generators, in each style of workspace. */
const STYLES: Readonly<
  Record<
    string,
    { readonly project: string; readonly root: string; readonly changed?: readonly string[]; create(): Tree }
  >
> = {
  'project.json files': {
    project: 'api',
    root: 'apps/api',
    create: () => {
      const tree = createTreeWithEmptyWorkspace({ layout: 'apps-libs', formatter: 'none' });
      addProjectConfiguration(tree, 'api', { root: 'apps/api', sourceRoot: 'apps/api/src', targets: {} });
      return tree;
    },
  },
  'package.json files, workspaces and TypeScript references': {
    project: '@acme/api',
    root: 'packages/api',
    changed: ['packages/api/tsconfig.json', 'tsconfig.json'],
    create: () => {
      const tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
      updateJson(tree, 'package.json', (manifest) => ({ ...manifest, workspaces: ['packages/*'] }));
      tree.write(
        'tsconfig.base.json',
        '{ "compilerOptions": { "composite": true, "customConditions": ["@acme/source"] } }',
      );
      tree.write(
        'tsconfig.json',
        '{ "extends": "./tsconfig.base.json", "files": [], "references": [{ "path": "./packages/api" }] }',
      );
      tree.write('packages/api/package.json', '{ "name": "@acme/api", "type": "module" }');
      tree.write('packages/api/tsconfig.json', '{ "files": [], "references": [{ "path": "./tsconfig.lib.json" }] }');
      return tree;
    },
  },
  'a project at the root': {
    project: 'shop',
    root: '.',
    create: () => {
      const tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
      tree.write('project.json', '{ "name": "shop", "root": ".", "targets": {} }');
      return tree;
    },
  },
};

async function generateAll(tree: Tree, project: string): Promise<void> {
  await initGenerator(tree, { organization: 'acme' });
  await stackGenerator(tree, { project: 'infra', root: 'platform/infra' });
  await stackGenerator(tree, { project });
  await environmentGenerator(tree, { project, stacks: [], secrets: ['database#url'] });
  await stackGenerator(tree, { project });
  await stackReferenceGenerator(tree, { project, stack: 'infra', outputs: ['service_name=INFRA_NAME'] });
  await configTypesGenerator(tree, { project });
  await direnvGenerator(tree, { project });
}

describe.each(Object.entries(STYLES))('with %s', (_, { project, root, changed: others = [], create }) => {
  const at = (file: string): string => (root === '.' ? file : `${root}/${file}`);
  const snapshot = (tree: Tree): Map<string, string | undefined> =>
    new Map(tree.listChanges().map(({ path, content }) => [path, content?.toString()]));

  test('each generator adds to the project where it is, and to nothing else', async () => {
    const tree = create();
    const before = snapshot(tree);
    await generateAll(tree, project);

    const changed = [...snapshot(tree)].filter(([file, text]) => before.get(file) !== text).map(([file]) => file);
    const escProject = project.replace(/.*\//, '');
    const manifests = tree.exists(at('package.json')) ? [at('package.json')] : [];
    expect(changed.sort()).toEqual(
      [
        ...new Set([
          ...others,
          ...['.gitignore', 'nx.json', 'package.json', 'tools/nx-esc/load-environment.sh', ...manifests],
          ...[
            'Pulumi.yaml',
            'Pulumi.prod.yaml',
            'Pulumi.staging.yaml',
            'stack/index.ts',
            'stack/tsconfig.json',
          ].flatMap((file) => [at(file), `platform/infra/${file}`]),
          ...['base', 'dev', 'staging', 'prod'].map((environment) => at(`esc/${environment}.yaml`)),
          ...['.envrc', 'src/environment.ts'].map(at),
        ]),
      ].sort(),
    );
    expect(readNxJson(tree)?.plugins).toEqual([expect.objectContaining({ plugin: 'nx-esc/plugin' })]);
    expect(tree.read(at('Pulumi.staging.yaml'), 'utf8')).toContain(`- ${escProject}/staging`);
    expect(tree.read(at('esc/staging.yaml'), 'utf8')).toContain('INFRA_NAME: ${infra.infra.service_name}');
    const types = tree.read(at('src/environment.ts'), 'utf8');
    expect(types).toContain('readonly DATABASE_URL: Secret;');
    expect(types).toContain('readonly INFRA_NAME: string;');
    expect(types).toContain('readonly PORT: number;');
    expect(tree.read(at('.envrc'), 'utf8')).toContain(`nx_esc_load ${escProject}/dev || exit 1`);
    expect(readJson(tree, manifests[0] ?? 'package.json').dependencies).toHaveProperty('@pulumi/pulumi');
  });

  test('a second run changes nothing', async () => {
    const tree = create();
    await generateAll(tree, project);
    const before = snapshot(tree);
    await generateAll(tree, project);
    expect(snapshot(tree)).toEqual(before);
  });
});
