import { describeLocation } from '../failures/describe-failure';
import { escapeControls } from '../failures/escape-controls';
import { Failure } from '../failures/failure';
import type { Environment } from '../pulumi/environment';
import { writeToJobLog } from './github/job-log';
import { appendSummaryRow, type SummaryRow } from './github/job-summary';
import { maskCommands, workflowCommand } from './github/workflow-command';

/** What the CI that runs this is told besides what is printed. */
export interface CiLog {
  /** Has texts masked in the log; they are redacted in any case. */
  maskSecrets(secrets: readonly string[]): void;
  /** Shows a failure at its line. */
  annotate(error: unknown, workspaceRoot: string, redact?: (text: string) => string): void;
  /** Adds a row to the summary of the run. */
  summarize(row: SummaryRow): void;
}

/** The log of GitHub Actions; undefined elsewhere. */
export function ciLogOf(env: Environment): CiLog | undefined {
  if (env.GITHUB_ACTIONS !== 'true') return undefined;
  const masked = new Set<string>();
  return {
    maskSecrets(secrets) {
      const unknown = secrets.filter((secret) => !masked.has(secret));
      for (const secret of unknown) masked.add(secret);
      writeToJobLog(maskCommands(unknown), env);
    },
    annotate(error, workspaceRoot, redact = (text) => text) {
      const command = redact(annotationOf(error, workspaceRoot, env));
      if (!writeToJobLog(command, env)) process.stdout.write(command);
    },
    summarize(row) {
      if (env.GITHUB_STEP_SUMMARY === undefined) return;
      try {
        appendSummaryRow(env.GITHUB_STEP_SUMMARY, row);
      } catch {
        // A summary that cannot be written fails nothing.
      }
    },
  };
}

function annotationOf(error: unknown, workspaceRoot: string, env: Environment): string {
  if (!(error instanceof Failure)) return workflowCommand('error', { title: 'internal/internal' }, messageOf(error));
  const { location, failureClass, code, hint } = error;
  // Paths of annotations are relative to the checkout, which need not be the workspace.
  const file =
    location === undefined
      ? undefined
      : describeLocation({ file: location.file }, env.GITHUB_WORKSPACE ?? workspaceRoot);
  const message = escapeControls(hint === undefined ? error.message : `${error.message}\n→ ${hint}`);
  return workflowCommand(
    'error',
    { file, line: location?.line, col: location?.column, title: `${failureClass}/${code}` },
    message,
  );
}

function messageOf(error: unknown): string {
  return escapeControls(error instanceof Error ? error.message : String(error));
}
