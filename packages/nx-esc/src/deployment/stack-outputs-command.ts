import { Failure } from '../failures/failure';
import type { DeploymentServices, StackTarget } from './deployment';

/**
 * Prints a stack's outputs as JSON; pulumi masks the secret ones.
 *
 * @throws Failure config/stack-not-found
 */
export async function printOutputs({ cli, reporter, signal }: DeploymentServices, target: StackTarget): Promise<void> {
  const { folder, projectName, stack } = target;
  const { code, stdout, stderr } = await cli.capture(['stack', 'output', '--json', '--stack', stack], {
    cwd: folder,
    signal,
  });
  if (code !== 0) {
    throw new Failure({
      class: 'config',
      code: 'stack-not-found',
      message: `the outputs of ${projectName}/${stack} cannot be read: ${stderr.trim().split('\n')[0] ?? ''}`,
      hint: `deploy it first: nx run ${projectName}:deploy --env=${stack}`,
    });
  }
  reporter.output(Buffer.from(stdout));
}
