import type { TargetConfiguration } from '@nx/devkit';
import type { NormalizedOptions } from '../workspace/plugin-options';
import type { IndexedProject } from '../workspace/workspace-index';

/** The inputs carry the edges: Nx 24 selects affected tasks by them. */
const INPUTS = ['default', '^default'];

/** The targets that a project gets for its files. */
export function targetsFor(
  project: IndexedProject,
  deployable: readonly string[],
  options: NormalizedOptions,
): Record<string, TargetConfiguration> {
  const environments = [...project.files.environments.keys()].sort();
  return {
    ...(project.files.projectFile !== undefined && stackTargets(deployable, options)),
    ...(environments.length > 0 && environmentTargets(environments, options)),
  };
}

function stackTargets(deployable: readonly string[], options: NormalizedOptions): Record<string, TargetConfiguration> {
  const target = (executor: string, description: string): TargetConfiguration => ({
    executor: `nx-esc:${executor}`,
    cache: false,
    inputs: INPUTS,
    configurations: configurationsOf(deployable),
    metadata: {
      technologies: ['pulumi', 'esc'],
      description,
      help: {
        command: `npx nx run <project>:${executor} --help`,
        example: { options: { env: deployable.at(-1) ?? 'dev' } },
      },
    },
  });
  return {
    [options.deployTargetName]: {
      ...target('deploy', 'Deploys the stack with its ESC environment, after the stacks that it depends on'),
      dependsOn: [{ target: options.deployTargetName, dependencies: true, params: 'forward' }],
    },
    [options.previewTargetName]: target('preview', 'Shows what a deployment of the stack would change'),
    [options.destroyTargetName]: target('destroy', 'Destroys the resources of the stack'),
    [options.outputsTargetName]: target('outputs', 'Prints the outputs of the stack, secrets masked'),
  };
}

function environmentTargets(
  environments: readonly string[],
  options: NormalizedOptions,
): Record<string, TargetConfiguration> {
  const metadata = (description: string, executor: string): TargetConfiguration['metadata'] => ({
    technologies: ['esc'],
    description,
    help: {
      command: `npx nx run <project>:${executor} --help`,
      example: { options: { env: environments.at(-1) ?? 'dev' } },
    },
  });
  return {
    [options.openTargetName]: {
      executor: 'nx-esc:open',
      cache: false,
      inputs: INPUTS,
      configurations: configurationsOf(environments),
      metadata: metadata('Opens an ESC environment and prints it, secrets masked', options.openTargetName),
    },
    [options.checkTargetName]: {
      executor: 'nx-esc:check',
      cache: true,
      inputs: INPUTS,
      outputs: [],
      configurations: configurationsOf(environments),
      metadata: metadata(
        'Checks the ESC environments of the project without opening anything',
        options.checkTargetName,
      ),
    },
  };
}

function configurationsOf(environments: readonly string[]): Record<string, object> {
  return Object.fromEntries(environments.map((environment) => [environment, {}]));
}
