import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  environmentVariablesOf,
  type ExportedValue,
  filesOf,
  findProperty,
  parsePropertyPath,
  PropertyPathError,
  renderDotenv,
  renderShell,
  renderValue,
  UnrepresentableVariableError,
  VALUE_FORMATS,
  type ValueFormat,
} from 'esc-eval';
import { describeDiagnostic } from '../backends/local/diagnostic-failure';
import { Failure } from '../failures/failure';
import { startCliSession } from './cli-session';

export interface OpenCommandOptions {
  readonly workspaceRoot: string;
  readonly ref: string;
  readonly path?: string;
  readonly format: string;
  readonly redact: boolean;
}

const VARIABLE_FORMATS = { shell: renderShell, dotenv: renderDotenv };

/** Prints an environment and nothing else on standard output; warnings go to standard error. */
export async function openCommand(options: OpenCommandOptions): Promise<void> {
  const render = createRenderer(options);
  const session = startCliSession(options.workspaceRoot);
  try {
    const { backend, reporter, signal, workspaceRoot } = session.services;
    const opened = await backend.open({ source: { kind: 'reference', ref: options.ref }, signal });
    for (const warning of opened.warnings) reporter.warn(describeDiagnostic(warning, workspaceRoot));
    process.stdout.write(render(opened.root));
  } finally {
    session.dispose();
  }
}

function createRenderer({ format, path, redact }: OpenCommandOptions): (root: ExportedValue) => string {
  if (isValueFormat(format)) {
    const segments = path === undefined ? [] : parsePath(path);
    return (root) =>
      renderValue(segments.length === 0 ? wholeOf(root) : findProperty(root, segments), format, { reveal: !redact });
  }
  const renderVariables = VARIABLE_FORMATS[format as keyof typeof VARIABLE_FORMATS] as typeof renderShell | undefined;
  const formats = [...VALUE_FORMATS, ...Object.keys(VARIABLE_FORMATS)].join(', ');
  if (renderVariables === undefined) throw invalidOption(`unknown output format "${format}"`, `formats: ${formats}`);
  if (path !== undefined) {
    throw invalidOption(
      `output format '${format}' may not be used with a property path`,
      'leave out the path, or use json',
    );
  }
  return (root) => {
    try {
      return renderVariables(variablesOf(root, redact));
    } catch (error) {
      if (error instanceof UnrepresentableVariableError)
        throw invalidOption(error.message, 'rename it, or use --format json');
      throw error;
    }
  };
}

const ZERO = { line: 0, column: 0, byte: 0 };

/** An environment as a value: no text defines it as a whole. */
function wholeOf({ value }: ExportedValue): ExportedValue {
  return { value, trace: { def: { begin: ZERO, end: ZERO } } };
}

/** The variables of an environment; each of its files is written for this user alone, and is theirs to remove. */
function variablesOf(root: ExportedValue, redact: boolean): [string, string][] {
  const shown = (value: string, isSecret: boolean): string => (redact && isSecret ? '[secret]' : value);
  const variables = environmentVariablesOf(root).map(({ name, value, secret }): [string, string] => [
    name,
    shown(value, secret),
  ]);
  const files = filesOf(root);
  if (files.length === 0) return variables;
  const folder = mkdtempSync(join(tmpdir(), 'nx-esc-open-'));
  return [
    ...variables,
    ...files.map(({ name, value, secret }): [string, string] => {
      const path = join(folder, name);
      writeFileSync(path, shown(value, secret), { mode: 0o600, flag: 'wx' });
      return [name, path];
    }),
  ];
}

function isValueFormat(format: string): format is ValueFormat {
  return (VALUE_FORMATS as readonly string[]).includes(format);
}

function parsePath(path: string): ReturnType<typeof parsePropertyPath> {
  try {
    return parsePropertyPath(path);
  } catch (error) {
    if (error instanceof PropertyPathError)
      throw invalidOption(`${JSON.stringify(path)}: ${error.message}`, 'write a path such as urls.api or list[0]');
    throw error;
  }
}

function invalidOption(message: string, hint: string): Failure {
  return new Failure({ class: 'config', code: 'option-invalid', message, hint });
}
