import {
  addDependenciesToPackageJson,
  formatFiles,
  type GeneratorCallback,
  type NxJsonConfiguration,
  readNxJson,
  runTasksInSerial,
  type Tree,
  updateNxJson,
} from '@nx/devkit';
import { checkedAnswer } from '../../authoring/answers';
import { asGenerator } from '../../authoring/generator-failure';
import { addLines } from '../../authoring/ignore-file';
import { nextSteps } from '../../authoring/next-steps';
import { addOwnRecipient } from '../../authoring/own-recipient';
import { ownVersion, PULUMI_CLI_VERSION } from '../../authoring/package-versions';
import { targetNameOptions } from '../../authoring/target-names';
import type { InitGeneratorSchema } from './schema';

const PLUGIN = 'nx-esc/plugin';
const PERSONAL_FILES = ['**/esc/*.local.yaml', '.envrc.local'];

/** Sets a workspace up: what `nx add nx-esc` runs. */
export const initGenerator = asGenerator(async (tree: Tree, options: InitGeneratorSchema) => {
  const organization = options.organization === '' ? undefined : options.organization;
  if (organization !== undefined) checkedAnswer('organization', 'organization', organization);
  const { recipient = '' } = options;
  const writeKey = recipient === '' ? (): void => undefined : await addOwnRecipient(tree, recipient);

  if (options.addPlugin !== false)
    registerPlugin(tree, { ...options, ...(organization !== undefined && { organization }) });
  addLines(tree, '.gitignore', PERSONAL_FILES);
  const install = options.skipPackageJson === true ? (): void => undefined : addPackages(tree, options);

  if (options.skipFormat !== true) await formatFiles(tree);
  return runTasksInSerial(writeKey, install, nextSteps(...stepsFor(options)));
});

export default initGenerator;

function stepsFor({ backend, recipient = '' }: InitGeneratorSchema): string[] {
  const own = [
    'nx g nx-esc:stack infra --root=apps/infra   # a Pulumi program with its stacks',
    'nx g nx-esc:environment <app>               # base, dev, staging and prod of an app',
  ];
  if (backend === 'cloud')
    return ['pulumi login                                # where environments are opened', ...own];
  if (recipient !== '') return own;
  return [
    ...own,
    'npx nx-esc keys new                         # your private key, for secrets in environments; once per person',
    'npx nx-esc recipient add <your name>        # lets you open what is encrypted from now on',
  ];
}

function registerPlugin(tree: Tree, { organization, backend }: InitGeneratorSchema): void {
  const nxJson: NxJsonConfiguration = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  const isOurs = (entry: (typeof plugins)[number]): boolean =>
    [PLUGIN, 'nx-esc'].includes(typeof entry === 'string' ? entry : entry.plugin);
  if (plugins.some(isOurs)) return;
  const options = {
    ...(organization !== undefined && { organization }),
    ...(backend === 'cloud' && { backend }),
    ...targetNameOptions(tree),
  };
  updateNxJson(tree, { ...nxJson, plugins: [...plugins, { plugin: PLUGIN, options }] });
}

function addPackages(tree: Tree, { pulumi, keepExistingVersions }: InitGeneratorSchema): GeneratorCallback {
  const packages = {
    'nx-esc': ownVersion(),
    ...(pulumi !== 'installed' && { pulumi: PULUMI_CLI_VERSION }),
  };
  return addDependenciesToPackageJson(tree, {}, packages, undefined, keepExistingVersions ?? false);
}
