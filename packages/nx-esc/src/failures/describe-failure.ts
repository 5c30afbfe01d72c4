import { isAbsolute, relative } from 'node:path';
import { escapeControls } from './escape-controls';
import { EXIT_CODES, Failure } from './failure';

/** Prints a failure as its users read it: what, where, what to do. A fault of ours keeps its stack trace. */
export function describeFailure(error: unknown, workspaceRoot: string): string {
  if (!(error instanceof Failure)) {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `nx-esc: internal error\n${escapeControls(trace)}\nThis is a fault of nx-esc: please report it with the lines above.`;
  }
  const { location } = error;
  const place = location === undefined ? '' : `${describeLocation(location, workspaceRoot)}: `;
  const lines = [
    `${error.failureClass}/${error.code}: ${place}${error.message}`,
    ...error.details.map((line) => `  ${line}`),
  ];
  if (error.hint !== undefined) lines.push(`  → ${error.hint}`);
  return disarmCommands(lines.map(escapeControls).join('\n'));
}

/** What looks like a workflow command of GitHub Actions, perhaps in a message from afar, is none. */
function disarmCommands(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1: ').replaceAll('##[', '## [');
}

/** Tells the exit code of the `nx-esc` command for an error. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Failure ? error.exitCode : EXIT_CODES.internal;
}

/** Prints `file:line:column`, the file relative to the workspace. */
export function describeLocation(
  { file, line, column }: { readonly file: string; readonly line?: number; readonly column?: number },
  workspaceRoot: string,
): string {
  const path = isAbsolute(file) ? relative(workspaceRoot, file) : file;
  return [path, line, column].filter((part) => part !== undefined).join(':');
}
