import { Failure } from '../failures/failure';
import { signInToState } from '../providers/pulumi-stacks/sign-in';
import { resolveBackend } from '../pulumi/backend-url';
import type { DeploymentServices, StackTarget } from './deployment';

/**
 * Prints a stack's outputs as JSON; pulumi masks the secret ones.
 *
 * @throws Failure config/stack-not-found
 */
export async function printOutputs(services: DeploymentServices, target: StackTarget): Promise<void> {
  const { cli, providers, reporter, signal } = services;
  const { folder, projectName, stack, roles, backendUrl } = target;
  const signIn = signInToState(providers, roles);
  const signedIn = cli.with(await signIn(resolveBackend(cli.baseEnv, backendUrl, folder)));
  const { code, stdout, stderr } = await signedIn.capture(['stack', 'output', '--json', '--stack', stack], {
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
