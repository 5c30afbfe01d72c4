import { awsRolesOf } from '../aws/aws-roles';
import { CliBackend } from '../backends/cli/cli-backend';
import { CloudOrCli } from '../backends/cli/cloud-or-cli';
import { CloudBackend } from '../backends/cloud/cloud-backend';
import { LocalBackend } from '../backends/local/local-backend';
import { ciLogOf } from '../ci/ci-log';
import type { DeploymentServices, StackTarget } from '../deployment/deployment';
import type { Reporter } from '../deployment/reporter';
import { Identities } from '../encryption/identities';
import { Keyring } from '../encryption/keyring';
import { Failure } from '../failures/failure';
import { childVariables, WITHHELD_VARIABLES } from '../process/child-variables';
import { Redactor } from '../process/redactor';
import { createProviderServices } from '../providers/provider-services';
import { StackOutputsReader } from '../providers/pulumi-stacks/stack-outputs';
import { cloudVariables } from '../pulumi/backend-url';
import type { Environment } from '../pulumi/environment';
import { PulumiCli } from '../pulumi/pulumi-cli';
import { chooseBackend } from './backend-choice';
import type { BackendName } from './backend-name';
import { createEscClient } from './cloud-client';
import type { NormalizedOptions } from './plugin-options';
import { createAuditor } from './session-audit';
import { environmentProjectOf, type IndexedProject, type WorkspaceIndex } from './workspace-index';

/** Credentials that are not of an environment: a child that inherits them prints them with all of its variables. */
const CREDENTIALS = [
  ...WITHHELD_VARIABLES,
  'PULUMI_CONFIG_PASSPHRASE',
  'PULUMI_ACCESS_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'BUILDKITE_AGENT_ACCESS_TOKEN',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'ACTIONS_RUNTIME_TOKEN',
  'NPM_TOKEN',
  'NODE_AUTH_TOKEN',
  'NX_CLOUD_ACCESS_TOKEN',
];

export interface SessionOptions {
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
  /** Backend of every environment, whatever the options say. */
  readonly backend?: BackendName;
}

/** Puts together what a run of a target or of the command works with. */
export function createSession({
  index,
  options,
  env,
  signal,
  reporter,
  backend: forced,
}: SessionOptions): DeploymentServices {
  const { workspaceRoot } = index;
  const organization = options.organization === undefined ? {} : { organization: options.organization };
  // Every child gets its variables from here.
  const cli = new PulumiCli(childVariables(env, options.passVariables));
  const findProject = (name: string): ReturnType<WorkspaceIndex['findPulumiProject']> => index.findPulumiProject(name);
  const stackOutputs = new StackOutputsReader({ cli, signal, workspaceRoot, findProject, ...organization });
  const decrypter = new Keyring({ workspaceRoot, identities: new Identities(env), signal });
  const redactor = new Redactor();
  for (const name of CREDENTIALS) redactor.add(env[name] ?? '');
  const ci = ciLogOf(env);
  const audit = createAuditor(workspaceRoot, options.audit, env, reporter);
  const providers = createProviderServices({
    env,
    signal,
    onSecret: (secret) => redactor.add(secret),
    onNote: (text) => reporter.note(text),
    onSession: ({ subject, arn }) => audit?.identifyFirst({ arn, ...(subject !== undefined && { subject }) }),
    ...organization,
    ...(options.pulumiCloud !== undefined && { pulumiCloud: options.pulumiCloud }),
  });
  const local = new LocalBackend({
    workspaceRoot,
    index,
    stackOutputs,
    providers,
    decrypter,
    ...organization,
    ...(options.providers !== undefined && { providerModules: options.providers }),
    ...(options.environments !== undefined && { awsEnvironments: options.environments }),
  });
  const createCliBackend = (): CliBackend => {
    const toService = cli.with(cloudVariables(env, options.pulumiCloud?.url));
    return new CliBackend({ workspaceRoot, cli: toService, signal, ...organization });
  };
  const backend = chooseBackend(forced, options, {
    local: () => local,
    cloud: () =>
      new CloudOrCli({
        cloud: new CloudBackend({ workspaceRoot, index, client: createEscClient(options, providers), ...organization }),
        cli: createCliBackend(),
        onNote: (text) => reporter.note(text),
      }),
    cli: createCliBackend,
  });
  return {
    backend,
    stackOutputs,
    providers,
    cli,
    redactor,
    reporter,
    workspaceRoot,
    signal,
    allowedVariables: options.allowVariables,
    ...(ci !== undefined && { maskSecrets: (secrets: readonly string[]) => ci.maskSecrets(secrets) }),
    ...(audit !== undefined && { audit }),
  };
}

/** The stack of a project that is deployed for an environment. */
export function stackTargetOf(
  index: WorkspaceIndex,
  project: IndexedProject,
  environment: string,
  { organization, environments }: NormalizedOptions,
): StackTarget {
  if (project.files.projectFile === undefined) {
    throw new Failure({
      class: 'config',
      code: 'project-file-missing',
      message: `${project.name} has no Pulumi.yaml`,
      hint: `add ${project.files.root}/Pulumi.yaml: it names the project and its runtime`,
    });
  }
  const { folder, pulumiName, backendUrl } = index.pulumiProject(project);
  const { broken } = index.facts.factsOf(project.files.projectFile);
  if (broken !== undefined) {
    throw new Failure({
      class: 'config',
      code: 'yaml-syntax',
      message: broken.reason,
      location: { ...broken, file: project.files.projectFile },
      hint: 'mend the YAML',
    });
  }
  const ref = `${environmentProjectOf(project.name)}/${environment}`;
  return {
    projectName: pulumiName,
    folder,
    stack: environment,
    roles: awsRolesOf(ref, environments),
    ...(backendUrl !== undefined && { backendUrl }),
    ...(organization !== undefined && { organization }),
    ...(index.fileOf(ref) !== undefined && { defaultEnvironment: { kind: 'reference', ref } }),
  };
}
