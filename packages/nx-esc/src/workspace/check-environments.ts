import { describeDiagnostic } from '../backends/local/diagnostic-failure';
import type { DeploymentServices } from '../deployment/deployment';
import { describeFailure } from '../failures/describe-failure';
import { Failure } from '../failures/failure';

/**
 * Checks environments one by one and reports on each; fails after the last if any has errors.
 *
 * @throws Failure config/check-failed
 */
export async function checkEnvironments(services: DeploymentServices, names: readonly string[]): Promise<void> {
  const { backend, reporter, signal, workspaceRoot } = services;
  const broken: string[] = [];
  for (const ref of names) {
    try {
      const { warnings } = await backend.check({ source: { kind: 'reference', ref }, signal });
      for (const warning of warnings) reporter.warn(describeDiagnostic(warning, workspaceRoot));
      reporter.note(`✓ ${ref}`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      broken.push(ref);
      reporter.note(`✗ ${ref}\n${describeFailure(error, workspaceRoot)}`);
    }
  }
  if (broken.length === 0) return;
  throw new Failure({
    class: 'config',
    code: 'check-failed',
    message: `${broken.length} of ${names.length} environments have errors: ${broken.join(', ')}`,
    hint: 'see the lines above',
  });
}
