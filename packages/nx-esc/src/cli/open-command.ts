import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { checkVariableName, openForDeployment } from '../deployment/opened-environment';
import { escapeControls } from '../failures/escape-controls';
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
    const { allowedVariables, signal } = session.services;
    const opened = await openForDeployment(session.services, {
      source: { kind: 'reference', ref: options.ref },
      signal,
    });
    const text = render(opened.root, allowedVariables);
    process.stdout.write(process.stdout.isTTY ? escapeControls(text) : text);
  } finally {
    session.dispose();
  }
}

type Renderer = (root: ExportedValue, allowedVariables: readonly string[]) => string;

function createRenderer({ format, path, redact }: OpenCommandOptions): Renderer {
  if (isValueFormat(format)) {
    const segments = path === undefined ? [] : parsePath(path);
    return (root) =>
      renderValue(segments.length === 0 ? root : findProperty(root, segments), format, { reveal: !redact });
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
  return (root, allowedVariables) => {
    try {
      return renderVariables(variablesOf(root, redact, allowedVariables));
    } catch (error) {
      if (error instanceof UnrepresentableVariableError)
        throw invalidOption(error.message, 'rename it, or use --format json');
      throw error;
    }
  };
}

/** The variables of an environment; each of its files is written for this user alone, and is theirs to remove. */
function variablesOf(root: ExportedValue, redact: boolean, allowedVariables: readonly string[]): [string, string][] {
  for (const { name } of [...environmentVariablesOf(root), ...filesOf(root)]) checkVariableName(name, allowedVariables);
  const shown = (value: string, isSecret: boolean): string => (redact && isSecret ? '[secret]' : value);
  const variables = environmentVariablesOf(root).map(({ name, value, secret }): [string, string] => [
    name,
    shown(value, secret),
  ]);
  const files = filesOf(root);
  if (files.length === 0) return variables;
  const folder = mkdtempSync(join(tmpdir(), 'nx-esc-open-'));
  try {
    return [
      ...variables,
      ...files.map(({ name, value, secret }): [string, string] => {
        const path = join(folder, name);
        writeFileSync(path, shown(value, secret), { mode: 0o600, flag: 'wx' });
        return [name, path];
      }),
    ];
  } catch (error) {
    // Nobody is told of a folder that could not be filled.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
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
