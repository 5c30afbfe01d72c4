import { awsRolesOf } from '../aws/aws-roles';
import { LocalBackend } from '../backends/local/local-backend';
import type { DeploymentServices, StackTarget } from '../deployment/deployment';
import type { Reporter } from '../deployment/reporter';
import { Failure } from '../failures/failure';
import { Redactor } from '../process/redactor';
import { createProviderServices } from '../providers/provider-services';
import { StackOutputsReader } from '../providers/pulumi-stacks/stack-outputs';
import type { Environment } from '../pulumi/environment';
import { PulumiCli } from '../pulumi/pulumi-cli';
import type { NormalizedOptions } from './plugin-options';
import { environmentProjectOf, type IndexedProject, type WorkspaceIndex } from './workspace-index';

export interface SessionOptions {
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
}

/** Puts together what a run of a target or of the command works with. */
export function createSession({ index, options, env, signal, reporter }: SessionOptions): DeploymentServices {
  const { workspaceRoot } = index;
  const organization = options.organization === undefined ? {} : { organization: options.organization };
  const cli = new PulumiCli(env);
  const findProject = (name: string): ReturnType<WorkspaceIndex['findPulumiProject']> => index.findPulumiProject(name);
  const stackOutputs = new StackOutputsReader({ cli, signal, workspaceRoot, findProject, ...organization });
  const redactor = new Redactor();
  const providers = createProviderServices({
    env,
    signal,
    onSecret: (secret) => redactor.add(secret),
    onNote: (text) => reporter.note(text),
    ...organization,
    ...(options.pulumiCloud !== undefined && { pulumiCloud: options.pulumiCloud }),
  });
  const backend = new LocalBackend({
    workspaceRoot,
    index,
    stackOutputs,
    providers,
    ...organization,
    ...(options.providers !== undefined && { providerModules: options.providers }),
    ...(options.environments !== undefined && { awsEnvironments: options.environments }),
  });
  return { backend, stackOutputs, providers, cli, redactor, reporter, workspaceRoot, signal };
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
