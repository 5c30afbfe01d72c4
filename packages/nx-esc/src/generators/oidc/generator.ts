import {
  detectPackageManager,
  formatFiles,
  getPackageManagerCommand,
  joinPathFragments,
  logger,
  readJson,
  type Tree,
} from '@nx/devkit';
import { checkedAnswer, invalidAnswer } from '../../authoring/answers';
import { deployedEnvironments } from '../../authoring/deployed-environments';
import { asGenerator } from '../../authoring/generator-failure';
import { iamProgram } from '../../authoring/iam-program';
import {
  type PlannedRole,
  plannedRoles,
  roleArn,
  type RoleEnvironment,
  type RolesRequest,
} from '../../authoring/iam-roles';
import { iamScript } from '../../authoring/iam-script';
import { addLines } from '../../authoring/ignore-file';
import { isEsModule } from '../../authoring/module-kind';
import { openedResources } from '../../authoring/opened-resources';
import { promotionOrder } from '../../authoring/promotion-order';
import { type NamedRoles, withRolesInNxJson } from '../../authoring/roles-in-nx-json';
import { projectFileText, tsconfigText } from '../../authoring/stack-text';
import { readWorkspaceTree, type TreeProject, type WorkspaceTree } from '../../authoring/workspace-tree';
import { accountOf, awsRolesOf } from '../../aws/aws-roles';
import { regionOfKey } from '../../encryption/recipients-file';
import type { OidcGeneratorSchema } from './schema';

/** Generates the roles of an app: who may take them on, and what they may do. */
export const oidcGenerator = asGenerator(async (tree: Tree, options: OidcGeneratorSchema) => {
  const workspace = await readWorkspaceTree(tree);
  const project = workspace.project(options.project);
  const environments = deployedEnvironments(workspace, project, options.environments);

  const request = await rolesRequest(workspace, project, environments, options);
  const roles = plannedRoles(request);
  const folder = joinPathFragments(project.root, 'iam');
  for (const [file, text] of filesOf(roles, request, options)) {
    const path = joinPathFragments(folder, file);
    if (tree.read(path, 'utf8') !== text) tree.write(path, text, file.endsWith('.sh') ? { mode: 0o755 } : {});
  }
  const projectFile = joinPathFragments(folder, 'Pulumi.yaml');
  // Whoever may make roles runs the program; a pipeline that deploys what is affected must not find it.
  if (tree.exists(projectFile)) addLines(tree, '.nxignore', [joinPathFragments(folder, 'Pulumi*.yaml')]);
  const isNamed = nameInNxJson(tree, request, roles);

  if (options.skipFormat !== true) await formatFiles(tree);
  const install = tree.exists(projectFile) ? installOfProgram(tree, folder) : undefined;
  for (const line of nextSteps(roles, { folder, isNamed, install, account: request.account })) logger.info(line);
});

export default oidcGenerator;

async function rolesRequest(
  workspace: WorkspaceTree,
  { escProject }: TreeProject,
  names: readonly string[],
  options: OidcGeneratorSchema,
): Promise<RolesRequest> {
  const { organization } = workspace.options;
  const { kmsKeys = [], repository, stateBucket, pullRequests = false, pulumiCloud = false } = options;
  if (pulumiCloud && organization === undefined)
    throw invalidAnswer('pulumiCloud', 'true', 'set the organization in the options of the plugin in nx.json');
  // Nx reads the digits of the command line as a number.
  const account = checkedAnswer('account', 'account', String(options.account).padStart(12, '0'));
  const environments: RoleEnvironment[] = [];
  for (const name of names) environments.push(await roleEnvironment(workspace, `${escProject}/${name}`, name, account));
  const [region = ''] = environments.flatMap(regionsOf);
  const [previewed] = promotionOrder(names);
  return {
    escProject,
    environments,
    account,
    partition: partitionOf(region),
    repository: checkedAnswer('repository', 'repository', repository),
    kmsKeys: kmsKeys.map((key) => checkedAnswer('kmsKey', 'kmsKeys', key)),
    ...(pullRequests && previewed !== undefined && { previewed }),
    ...(pulumiCloud && organization !== undefined && { organization }),
    ...(stateBucket !== undefined && { stateBucket: checkedAnswer('bucket', 'stateBucket', stateBucket) }),
  };
}

async function roleEnvironment(
  workspace: WorkspaceTree,
  ref: string,
  name: string,
  account: string,
): Promise<RoleEnvironment> {
  const { roles, ...opened } = await openedResources(workspace, ref, new AbortController().signal);
  const { audience } = awsRolesOf(ref, workspace.options.environments);
  const environment = {
    name,
    ...opened,
    ...(audience !== undefined && { audience: checkedAnswer('audience', `the audience of ${ref}`, audience) }),
  };
  const [login] = roles.map((role) => checkedAnswer('roleArn', `the login of ${ref}`, role));
  if (login === undefined) return environment;
  if (accountOf(login) !== account)
    throw invalidAnswer('account', account, `${ref} logs in with ${login}: roles are made in the account of that one`);
  const [, readerRole = ''] = login.split(':role/');
  if (readerRole.includes('/'))
    throw invalidAnswer(`the login of ${ref}`, login, 'name a role without a path: that is what is generated');
  return { ...environment, readerRole };
}

/** Says in nx.json which roles each environment has; false where the plugin is not registered there. */
function nameInNxJson(tree: Tree, request: RolesRequest, roles: readonly PlannedRole[]): boolean {
  const text = tree.read('nx.json', 'utf8') ?? '{}';
  const written = withRolesInNxJson(
    text,
    request.environments.map((environment): NamedRoles => {
      const { name } = environment;
      const [region, ...others] = new Set(regionsOf(environment));
      const arnOf = (purpose: PlannedRole['purpose']): string | undefined => {
        const role = roles.find((each) => each.purpose === purpose && each.environments.includes(name));
        return role === undefined ? undefined : roleArn(request, role.name);
      };
      const [deployRole = '', readerRole] = [arnOf('deploy'), arnOf('reader')];
      return {
        name: `${request.escProject}/${name}`,
        account: request.account,
        ...(region !== undefined && others.length === 0 && { region }),
        deployRole,
        ...(readerRole !== undefined && { readerRole }),
      };
    }),
  );
  if (written !== undefined && written !== text) tree.write('nx.json', written);
  return written !== undefined;
}

interface Outcome {
  readonly folder: string;
  readonly account: string;
  /** Whether nx.json names the roles. */
  readonly isNamed: boolean;
  /** The command that installs what the program needs and is not there; undefined where all of it is. */
  readonly install: string | undefined;
}

/** The roles are made once, and by few: the packages of the program are theirs to install. */
function installOfProgram(tree: Tree, folder: string): string | undefined {
  const manifest = readJson<Partial<Record<'dependencies' | 'devDependencies', object>>>(tree, 'package.json');
  const needed = ['@pulumi/pulumi', '@pulumi/aws', 'typescript', ...(isEsModule(tree, folder) ? ['ts-node'] : [])];
  const missing = needed.filter((name) => !(name in { ...manifest.dependencies, ...manifest.devDependencies }));
  const { addDev } = getPackageManagerCommand(detectPackageManager(tree.root), tree.root);
  return missing.length === 0 ? undefined : `${addDev} ${missing.join(' ')}`;
}

/** What is left to do, and to know. */
function nextSteps(roles: readonly PlannedRole[], { folder, account, isNamed, install }: Outcome): string[] {
  const shared = roles.filter(({ purpose, environments }) => purpose === 'reader' && environments.length > 1);
  const deploying = roles.filter(({ purpose }) => purpose === 'deploy').map(({ name }) => name);
  return [
    ...shared.map(
      ({ name, environments }) =>
        `${name} reads the secrets of ${environments.join(' and ')}: a job of one can read those of the others. ` +
        'A login of its own in each environment keeps them apart.',
    ),
    `Next: make the roles in account ${account} (create-roles.sh or the program in ${folder}), ` +
      `and attach to ${deploying.join(' and ')} what their stacks need.`,
    ...(install === undefined ? [] : [`The program needs packages: ${install}`]),
    ...(isNamed
      ? []
      : ['nx.json does not name the roles, since the plugin is not in it: nx g nx-esc:init, then this again.']),
  ];
}

/** Where what an environment opens is; where it opens nothing else, its keys. */
function regionsOf({ resources, recipientKeys }: RoleEnvironment): string[] {
  if (resources.length > 0) return resources.map(({ region }) => region);
  return recipientKeys.map(({ arn }) => regionOfKey(arn));
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function filesOf(
  roles: readonly PlannedRole[],
  { escProject, account }: RolesRequest,
  { format = ['json', 'script', 'pulumi'] }: OidcGeneratorSchema,
): [file: string, text: string][] {
  const files: [file: string, text: string][] = [];
  for (const { name, trust, policy } of roles) {
    files.push([`${name}/trust.json`, jsonText(trust)]);
    if (policy !== undefined) files.push([`${name}/policy.json`, jsonText(policy)]);
  }
  if (format.includes('script')) files.push(['create-roles.sh', iamScript(roles, { account })]);
  if (format.includes('pulumi')) {
    files.push(['index.ts', iamProgram(roles)], ['tsconfig.json', tsconfigText()]);
    files.push(['Pulumi.yaml', projectFileText(`${escProject}-iam`, 'index.ts')]);
  }
  return files;
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
