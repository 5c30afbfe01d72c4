import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  assertRepresentable,
  environmentVariablesOf,
  type ExportedValue,
  filesOf,
  findProperty,
  renderDotenv,
  renderFish,
  renderNushell,
  renderPowerShell,
  renderShell,
  renderValue,
  renderVariablesAsJson,
  UnrepresentableVariableError,
  VALUE_FORMATS,
  type ValueFormat,
} from 'esc-eval/output';
import { Failure } from '../failures/failure';
import { checkVariableName } from '../deployment/variable-name';
import { ensurePrivateFolder, writePrivateFile } from '../session-cache/private-storage';
import { readPath } from '../workspace/read-path';

export interface RenderOptions {
  readonly path?: string;
  readonly format: string;
  readonly redact: boolean;
}

const ZERO = { line: 0, column: 0, byte: 0 };

/** An environment as a value: no text defines it as a whole. */
function wholeOf({ value }: ExportedValue): ExportedValue {
  return { value, trace: { def: { begin: ZERO, end: ZERO } } };
}

export interface RenderPlace {
  /** A folder for the environment's files, where they are to be replaced by the next. */
  readonly filesFolder?: string | undefined;
  /** Names that are allowed although they change what processes run. */
  readonly allowedVariables: readonly string[];
}

/** Renders an opened environment. */
export type RenderOpened = (root: ExportedValue, place: RenderPlace) => string;

const VARIABLE_FORMATS: Readonly<Record<string, typeof renderShell>> = {
  dotenv: renderDotenv,
  shell: renderShell,
  fish: renderFish,
  powershell: renderPowerShell,
  nushell: renderNushell,
  variables: renderVariablesAsJson,
};

/**
 * Chooses how an opened environment is printed.
 *
 * @throws Failure config/option-invalid
 */
export function createRenderer({ format, path, redact }: RenderOptions): RenderOpened {
  if (isValueFormat(format)) {
    const segments = path === undefined ? [] : readPath(path);
    return (root) =>
      renderValue(segments.length === 0 ? wholeOf(root) : findProperty(root, segments), format, { reveal: !redact });
  }
  const renderVariables = Object.hasOwn(VARIABLE_FORMATS, format) ? VARIABLE_FORMATS[format] : undefined;
  const formats = [...VALUE_FORMATS, ...Object.keys(VARIABLE_FORMATS)].join(', ');
  if (renderVariables === undefined) throw invalidOption(`unknown output format "${format}"`, `formats: ${formats}`);
  if (path !== undefined) {
    throw invalidOption(
      `output format '${format}' may not be used with a property path`,
      'leave out the path, or use json',
    );
  }
  return (root, place) => {
    try {
      return renderVariables(variablesOf(root, redact, place));
    } catch (error) {
      if (error instanceof UnrepresentableVariableError)
        throw invalidOption(error.message, 'use --format variables or json, or another name');
      throw error;
    }
  };
}

/** The variables of an environment; each of its files is written for this user alone, and is theirs to remove. */
function variablesOf(
  root: ExportedValue,
  redact: boolean,
  { filesFolder, allowedVariables }: RenderPlace,
): [string, string][] {
  const shown = (value: string, isSecret: boolean): string => (redact && isSecret ? '[secret]' : value);
  const files = filesOf(root);
  const all = [...environmentVariablesOf(root), ...files];
  for (const { name, value } of all) {
    checkVariableName(name, allowedVariables);
    assertRepresentable(name, value);
  }
  const variables = environmentVariablesOf(root).map(({ name, value, secret }): [string, string] => [
    name,
    shown(value, secret),
  ]);
  if (files.length === 0) return variables;
  const write =
    filesFolder === undefined ? createFolder() : reuseFolder(filesFolder, new Set(files.map(({ name }) => name)));
  return [
    ...variables,
    ...files.map(({ name, value, secret }): [string, string] => [name, write(name, shown(value, secret))]),
  ];
}

type WriteFile = (name: string, content: string) => string;

/** A folder that whoever asked for it removes. */
function createFolder(): WriteFile {
  const folder = mkdtempSync(join(tmpdir(), 'nx-esc-open-'));
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    return path;
  };
}

/** A folder whose files stay where they are as long as they are asked for; others are removed. */
function reuseFolder(folder: string, names: ReadonlySet<string>): WriteFile {
  ensurePrivateFolder(dirname(folder));
  ensurePrivateFolder(folder);
  for (const name of readdirSync(folder)) if (!names.has(name)) rmSync(join(folder, name), { force: true });
  return (name, content) => {
    const path = join(folder, name);
    writePrivateFile(path, content);
    return path;
  };
}

function isValueFormat(format: string): format is ValueFormat {
  return (VALUE_FORMATS as readonly string[]).includes(format);
}

function invalidOption(message: string, hint: string): Failure {
  return new Failure({ class: 'config', code: 'option-invalid', message, hint });
}
