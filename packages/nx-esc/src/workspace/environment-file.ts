import { isAbsolute, join, relative, resolve } from 'node:path';
import { EditError, type SecretCall, findSecretCalls, SecretRewriteError, UnreadableDocumentError } from 'esc-eval';
import { resolveEnvironment } from '../backends/local/environment-index';
import { refuseEscapeSync } from '../backends/local/refuse-escape';
import { Failure, type FailureLocation } from '../failures/failure';
import type { WorkspaceIndex } from './workspace-index';

/** An environment of the workspace and its file. */
export interface EnvironmentFile {
  /** `project/environment` */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
}

/**
 * Finds an environment by its name or by its file.
 *
 * @throws Failure config/environment-not-found, config/invalid-env-name, config/file-outside-workspace
 */
export function findEnvironmentFile(written: string, index: WorkspaceIndex, cwd: string): EnvironmentFile {
  const { workspaceRoot, organization } = index;
  const found = /\.ya?ml$/.test(written)
    ? findByFile(resolve(cwd, written), index)
    : resolveEnvironment(written, index, organization === undefined ? {} : { organization });
  const file = isAbsolute(found.file) ? found.file : join(workspaceRoot, found.file);
  refuseEscapeSync(workspaceRoot, file);
  return { name: found.name, file };
}

/** Every environment of the workspace. */
export function environmentFiles(index: WorkspaceIndex): EnvironmentFile[] {
  return index.names().map((name) => ({ name, file: index.fileOf(name) as string }));
}

function findByFile(file: string, index: WorkspaceIndex): EnvironmentFile {
  const found = environmentFiles(index).find((environment) => environment.file === file);
  if (found !== undefined) return found;
  throw new Failure({
    class: 'config',
    code: 'environment-not-found',
    message: `${relative(index.workspaceRoot, file)} is no environment of this workspace`,
    hint: 'environments are the files esc/<name>.yaml of its projects',
  });
}

/** Words what can go wrong with the text of an environment's file for people. Never holds a value. */
export function failureOfText(error: unknown, file: string, text: string): unknown {
  if (error instanceof UnreadableDocumentError) {
    const [first] = error.diagnostics;
    const { line = 0, column = 0 } = first?.range?.begin ?? {};
    const message = (first?.summary ?? error.message).replace(/^yaml: (line \d+: )?/, '');
    const location = line > 0 ? { file, line, column } : { file };
    return new Failure({ class: 'config', code: 'yaml-syntax', message, hint: 'mend the YAML', location });
  }
  if (error instanceof EditError) {
    return new Failure({
      class: 'config',
      code: 'option-invalid',
      message: error.message,
      hint: 'name a path beneath values, such as database.password',
      location: { file },
    });
  }
  if (!(error instanceof SecretRewriteError)) return error;
  const call = findSecretCalls(file, text).calls.find(({ path }) => path === error.path);
  const location = call === undefined ? { file } : locationOf(call, file, text);
  const { cause } = error;
  if (!(cause instanceof Failure))
    return new Failure({ class: 'secrets', code: 'secret-decrypt-failed', message: error.message, location });
  const { failureClass, code, message, hint } = cause;
  return new Failure({ class: failureClass, code, message, ...(hint !== undefined && { hint }), location });
}

/** Where a secret stands in a text. */
export function locationOf({ start }: SecretCall, file: string, text: string): Required<FailureLocation> {
  const before = text.slice(0, start).split('\n');
  return { file, line: before.length, column: (before.at(-1) as string).length + 1 };
}
