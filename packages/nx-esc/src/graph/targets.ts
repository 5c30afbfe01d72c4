import { sep } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';
import type { ProjectOrder } from '../workspace/stack-order';
import type { IndexedProject } from '../workspace/workspace-index';
import { filesAsPatterns } from './files-as-patterns';
import type { TargetNames } from './target-names';

/** What the targets of a project are made from. */
export interface TargetsRequest {
  readonly project: IndexedProject;
  /** The environments with which it can be deployed. */
  readonly deployable: readonly string[];
  /** All that a check of it reads, relative to the workspace. */
  readonly checkedFiles: readonly string[];
  /** Files in no folder of a project that its program, or one that it rests on, is made of; relative to the workspace. */
  readonly filesElsewhere: readonly string[];
  /** The order of its stacks among others, where the project graph has a cycle there. */
  readonly order?: ProjectOrder;
  readonly names: TargetNames;
  /** Name of the target that serves environments, where one is wanted. */
  readonly serveTargetName?: string;
  /** What deploy targets of the workspace are called. */
  readonly deployNames: readonly string[];
}

/** The inputs carry the edges: Nx 24 selects affected tasks by them. */
const INPUTS = ['default', '^default'];

/** Nx refuses the name of a dependency that is a project of the workspace, as the plugin is in its own. */
const IS_INSTALLED = __dirname.split(sep).includes('node_modules');

/** The targets that a project gets for its files. */
export function targetsFor(request: TargetsRequest): Record<string, TargetConfiguration> {
  const { environments, projectFile } = request.project.files;
  return {
    ...(projectFile !== undefined && stackTargets(request)),
    ...(environments.size > 0 && environmentTargets(request)),
    ...((environments.size > 0 || projectFile !== undefined) && checkTarget(request)),
    ...(environments.size > 0 && serveTarget(request)),
  };
}

function stackTargets(request: TargetsRequest): Record<string, TargetConfiguration> {
  const { deployable, names, project, filesElsewhere } = request;
  const inputs = [...INPUTS, ...filesElsewhere.map((file) => inputFor(file, project.files.root))];
  const target = (executor: string, targetName: string, description: string): TargetConfiguration => ({
    executor: `nx-esc:${executor}`,
    cache: false,
    inputs,
    configurations: configurationsOf(deployable),
    metadata: metadata(targetName, description, deployable, ['pulumi', 'esc']),
  });
  const { deployTargetName: deploy, previewTargetName: preview, destroyTargetName: destroy } = names;
  const { outputsTargetName: outputs } = names;
  return {
    [deploy]: {
      ...target('deploy', deploy, 'Deploys the stack with its ESC environment, after the stacks that it depends on'),
      dependsOn: deployedBefore(request),
    },
    [preview]: target('preview', preview, 'Shows what a deployment of the stack would change'),
    [destroy]: target(
      'destroy',
      destroy,
      'Destroys the resources of the stack, after those of the stacks that read it',
    ),
    [outputs]: target('outputs', outputs, 'Prints the outputs of the stack, secrets masked'),
  };
}

/** Nx orders the deployments of projects; those on a cycle by name, since the project graph has no order for them. */
function deployedBefore({ order, deployNames }: TargetsRequest): TargetConfiguration['dependsOn'] {
  if (order === undefined) {
    return deployNames.map((target) => ({ target, dependencies: true, params: 'forward' as const }));
  }
  if (order.upstream.length === 0) return [];
  return deployNames.map((target) => ({ target, projects: [...order.upstream], params: 'forward' as const }));
}

function environmentTargets({ project, names }: TargetsRequest): Record<string, TargetConfiguration> {
  const environments = [...project.files.environments.keys()].sort();
  const { openTargetName } = names;
  return {
    [openTargetName]: {
      executor: 'nx-esc:open',
      cache: false,
      inputs: INPUTS,
      configurations: configurationsOf(environments),
      metadata: metadata(openTargetName, 'Opens an ESC environment and prints it, secrets masked', environments, [
        'esc',
      ]),
    },
  };
}

/** Only where it is asked for: most projects are never served. */
function serveTarget({ serveTargetName }: TargetsRequest): Record<string, TargetConfiguration> {
  if (serveTargetName === undefined) return {};
  return {
    [serveTargetName]: {
      executor: 'nx-esc:serve',
      continuous: true,
      cache: false,
      metadata: {
        technologies: ['esc'],
        description: 'Serves the ESC environments of the workspace to pulumi env, @pulumi/esc-sdk and tests',
        help: { command: `npx nx run <project>:${serveTargetName} --help`, example: { options: { port: 7373 } } },
      },
    },
  };
}

/** Reads files alone, so it is cached; its inputs are exactly these files. */
function checkTarget({
  project,
  checkedFiles,
  names: { checkTargetName },
}: TargetsRequest): Record<string, TargetConfiguration> {
  const { root, environments, stacks } = project.files;
  const names = [...new Set([...environments.keys(), ...stacks.keys()])].sort();
  return {
    [checkTargetName]: {
      executor: 'nx-esc:check',
      cache: true,
      inputs: [
        ...filesAsPatterns(checkedFiles).map((file) => inputFor(file, root)),
        '{workspaceRoot}/nx.json',
        { externalDependencies: IS_INSTALLED ? ['nx-esc'] : [] },
      ],
      outputs: [],
      configurations: configurationsOf(names),
      metadata: metadata(
        checkTargetName,
        'Checks the ESC environments and stacks of the project without opening anything',
        names,
        ['esc'],
      ),
    },
  };
}

function inputFor(file: string, root: string): string {
  if (root === '.') return `{projectRoot}/${file}`;
  return file.startsWith(`${root}/`) ? `{projectRoot}/${file.slice(root.length + 1)}` : `{workspaceRoot}/${file}`;
}

function metadata(
  targetName: string,
  description: string,
  environments: readonly string[],
  technologies: string[],
): TargetConfiguration['metadata'] {
  return {
    technologies,
    description,
    help: {
      command: `npx nx run <project>:${targetName} --help`,
      example: { options: { env: environments.at(-1) ?? 'dev' } },
    },
  };
}

function configurationsOf(environments: readonly string[]): Record<string, object> {
  return Object.fromEntries(environments.map((environment) => [environment, {}]));
}
