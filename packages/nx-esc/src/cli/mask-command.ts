import { openForDeployment } from '../deployment/opened-environment';
import { Failure } from '../failures/failure';
import { startCliSession } from './cli-session';

/**
 * Opens environments and has the CI mask their secrets: steps that come later may print them.
 *
 * @throws Failure config/option-invalid outside of GitHub Actions: a mask would show there what it is to hide
 */
export async function maskCommand({
  workspaceRoot,
  refs,
}: {
  readonly workspaceRoot: string;
  readonly refs: readonly string[];
}): Promise<void> {
  const session = startCliSession(workspaceRoot);
  try {
    const { services } = session;
    if (services.maskSecrets === undefined) {
      throw new Failure({
        class: 'config',
        code: 'option-invalid',
        message: 'there is no job log of GitHub Actions to mask secrets in',
        hint: 'run it in a step of a workflow',
      });
    }
    for (const ref of refs)
      await openForDeployment(services, { source: { kind: 'reference', ref }, signal: services.signal });
  } finally {
    session.dispose();
  }
}
