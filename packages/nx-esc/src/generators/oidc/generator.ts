import { formatFiles, joinPathFragments, type Tree } from '@nx/devkit';
import { checkedAnswer, invalidAnswer } from '../../authoring/answers';
import { deployedEnvironments } from '../../authoring/deployed-environments';
import { asGenerator } from '../../authoring/generator-failure';
import { iamProgram } from '../../authoring/iam-program';
import { type PlannedRole, plannedRoles, type RoleEnvironment } from '../../authoring/iam-roles';
import { iamScript } from '../../authoring/iam-script';
import { openedResources } from '../../authoring/opened-resources';
import { projectFileText, TSCONFIG_TEXT } from '../../authoring/stack-text';
import { readWorkspaceTree, type TreeProject, type WorkspaceTree } from '../../authoring/workspace-tree';
import type { OidcGeneratorSchema } from './schema';

/** Generates the roles of an app: who may take them on, and what they may do. */
export const oidcGenerator = asGenerator(async (tree: Tree, options: OidcGeneratorSchema) => {
  const workspace = await readWorkspaceTree(tree);
  const project = workspace.project(options.project);
  const environments = deployedEnvironments(workspace, project, options.environments);

  const roles = await rolesOf(workspace, project, environments, options);
  const folder = joinPathFragments(project.root, 'iam');
  for (const [file, text] of filesOf(roles, project, options)) {
    const path = joinPathFragments(folder, file);
    if (tree.read(path, 'utf8') !== text) tree.write(path, text, file.endsWith('.sh') ? { mode: 0o755 } : {});
  }

  if (options.skipFormat !== true) await formatFiles(tree);
});

export default oidcGenerator;

async function rolesOf(
  workspace: WorkspaceTree,
  { escProject }: TreeProject,
  names: readonly string[],
  options: OidcGeneratorSchema,
): Promise<PlannedRole[]> {
  const { organization } = workspace.options;
  const { account, kmsKeys = [], repository, stateBucket, pullRequests = false, pulumiCloud = false } = options;
  if (pulumiCloud && organization === undefined)
    throw invalidAnswer('pulumiCloud', 'true', 'set the organization in the options of the plugin in nx.json');
  const environments: RoleEnvironment[] = [];
  for (const name of names) environments.push(await roleEnvironment(workspace, escProject, name));
  const [region = ''] = environments.flatMap(({ resources }) => resources.map((resource) => resource.region));
  return plannedRoles({
    escProject,
    environments,
    // Nx reads the digits of the command line as a number.
    account: checkedAnswer('account', 'account', String(account).padStart(12, '0')),
    partition: partitionOf(region),
    repository: checkedAnswer('repository', 'repository', repository),
    trustsPullRequests: pullRequests,
    kmsKeys: kmsKeys.map((key) => checkedAnswer('kmsKey', 'kmsKeys', key)),
    ...(pulumiCloud && organization !== undefined && { organization }),
    ...(stateBucket !== undefined && { stateBucket: checkedAnswer('bucket', 'stateBucket', stateBucket) }),
  });
}

async function roleEnvironment(workspace: WorkspaceTree, escProject: string, name: string): Promise<RoleEnvironment> {
  const ref = `${escProject}/${name}`;
  const { resources, roles } = await openedResources(workspace, ref, new AbortController().signal);
  const [login] = roles.map((role) => checkedAnswer('roleArn', `the login of ${ref}`, role));
  return { name, resources, ...(login !== undefined && { readerRole: login.slice(login.lastIndexOf('/') + 1) }) };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function filesOf(
  roles: readonly PlannedRole[],
  { escProject }: TreeProject,
  { format = ['json', 'script', 'pulumi'] }: OidcGeneratorSchema,
): [file: string, text: string][] {
  const files: [file: string, text: string][] = [];
  for (const { name, trust, policy } of roles) {
    files.push([`${name}/trust.json`, jsonText(trust)]);
    if (policy !== undefined) files.push([`${name}/policy.json`, jsonText(policy)]);
  }
  if (format.includes('script')) files.push(['create-roles.sh', iamScript(roles)]);
  if (format.includes('pulumi')) {
    files.push(['index.ts', iamProgram(roles)], ['tsconfig.json', TSCONFIG_TEXT]);
    files.push(['Pulumi.yaml', projectFileText(`${escProject}-iam`, undefined)]);
  }
  return files;
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
