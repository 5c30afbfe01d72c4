import { relative } from 'node:path';
import type { ExportedValue } from 'esc-eval';
import type { Revision } from '../affected/revision';
import type { BackendRequest } from '../backends/backend';
import { describeDiagnostic } from '../backends/local/diagnostic-failure';
import { LocalBackend } from '../backends/local/local-backend';
import { Failure } from '../failures/failure';
import type { Explainable } from '../provenance/explain-value';
import { symbolicProvider } from '../providers/symbolic-provider';
import type { CliSession } from './cli-session';

/** An environment whose values can be read and explained. */
export interface EvaluatedForReading extends Explainable {
  readonly root: ExportedValue;
  readonly overlay?: string;
}

export interface ReadingOptions extends Pick<BackendRequest, 'appliesOverlay'> {
  /** Whether providers are opened; otherwise what they would answer stands for itself. */
  readonly isOpened: boolean;
  /** The workspace at another time; the files as they are unless given. It cannot be opened. */
  readonly revision?: Revision;
}

/**
 * Evaluates an environment to look at it. Unless it is opened, nothing is asked of any provider, and what is wrong with
 * it is told and passed over, as far as there is anything to look at.
 *
 * @throws Failure
 */
export async function evaluateForReading(
  session: CliSession,
  ref: string,
  { isOpened, revision, ...overlay }: ReadingOptions,
): Promise<EvaluatedForReading> {
  const { services } = session;
  const index = revision?.index ?? session.index;
  const request: BackendRequest = { source: { kind: 'reference', ref }, signal: services.signal, ...overlay };
  if (isOpened) {
    const opened = await services.backend.open(request);
    for (const warning of opened.warnings) services.reporter.warn(describeDiagnostic(warning, index.workspaceRoot));
    const { environment, fileOf } = opened;
    if (environment === null || fileOf === undefined) throw nothingToRead(ref);
    return { ...opened, environment, fileOf };
  }
  const backend = new LocalBackend({
    workspaceRoot: index.workspaceRoot,
    index,
    loadProvider: symbolicProvider,
    ...(revision !== undefined && {
      readFile: (file: string) => revision.files.read(relative(index.workspaceRoot, file)),
    }),
    ...(index.organization !== undefined && { organization: index.organization }),
  });
  const inspection = await backend.inspect(request, { symbolic: true });
  const { environment, diagnostics } = inspection;
  if (environment === null) {
    await backend.check(request);
    throw nothingToRead(ref);
  }
  for (const diagnostic of diagnostics) services.reporter.warn(describeDiagnostic(diagnostic, index.workspaceRoot));
  return { ...inspection, environment };
}

function nothingToRead(ref: string): Failure {
  return new Failure({
    class: 'config',
    code: 'environment-empty',
    message: `the environment ${JSON.stringify(ref)} holds nothing, or is not in a file of the workspace`,
    hint: 'add values: to it',
  });
}
