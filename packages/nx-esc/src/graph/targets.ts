import { sep } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';
import type { NormalizedOptions } from '../workspace/plugin-options';
import type { ProjectOrder } from '../workspace/stack-order';
import type { IndexedProject } from '../workspace/workspace-index';

/** What the targets of a project are made from. */
export interface TargetsRequest {
  readonly project: IndexedProject;
  /** The environments with which it can be deployed. */
  readonly deployable: readonly string[];
  /** All that a check of it reads, relative to the workspace. */
  readonly checkedFiles: readonly string[];
  /** The order of its stacks among others, where the project graph has a cycle there. */
  readonly order?: ProjectOrder;
  readonly options: NormalizedOptions;
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

function stackTargets({ deployable, order, options }: TargetsRequest): Record<string, TargetConfiguration> {
  const target = (executor: string, targetName: string, description: string): TargetConfiguration => ({
    executor: `nx-esc:${executor}`,
    cache: false,
    inputs: INPUTS,
    configurations: configurationsOf(deployable),
    metadata: metadata(targetName, description, deployable, ['pulumi', 'esc']),
  });
  const { deployTargetName: deploy, destroyTargetName: destroy } = options;
  return {
    [deploy]: {
      ...target('deploy', deploy, 'Deploys the stack with its ESC environment, after the stacks that it depends on'),
      dependsOn:
        order === undefined
          ? [{ target: deploy, dependencies: true, params: 'forward' }]
          : namedDependencies(deploy, order.upstream),
    },
    [options.previewTargetName]: target(
      'preview',
      options.previewTargetName,
      'Shows what a deployment of the stack would change',
    ),
    [destroy]: target('destroy', destroy, 'Destroys the resources of the stack'),
    [options.outputsTargetName]: target(
      'outputs',
      options.outputsTargetName,
      'Prints the outputs of the stack, secrets masked',
    ),
  };
}

function namedDependencies(target: string, projects: readonly string[]): TargetConfiguration['dependsOn'] {
  return projects.length === 0 ? [] : [{ target, projects: [...projects], params: 'forward' }];
}

function environmentTargets({ project, options }: TargetsRequest): Record<string, TargetConfiguration> {
  const environments = [...project.files.environments.keys()].sort();
  const { openTargetName } = options;
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
function serveTarget({ options: { serveTargetName } }: TargetsRequest): Record<string, TargetConfiguration> {
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
function checkTarget({ project, checkedFiles, options }: TargetsRequest): Record<string, TargetConfiguration> {
  const { root, environments, stacks } = project.files;
  const names = [...new Set([...environments.keys(), ...stacks.keys()])].sort();
  const { checkTargetName } = options;
  return {
    [checkTargetName]: {
      executor: 'nx-esc:check',
      cache: true,
      inputs: [
        ...checkedFiles.map((file) => inputFor(file, root)),
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
