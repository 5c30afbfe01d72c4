import { existsSync, readFileSync } from 'node:fs';
import { type Document, isMap, isSeq, parseDocument, stringify } from 'yaml';
import { Failure } from '../failures/failure';
import type { EnvironmentSource } from '../backends/backend';

/** A stack's `Pulumi.<stack>.yaml`. */
export interface StackFile {
  readonly file: string;
  readonly document: Document;
  /** The document that `environment:` stands for; undefined without one. */
  readonly environment: EnvironmentSource | undefined;
}

/**
 * Reads the file of a stack's configuration. A list of names under `environment:` stands for a document that imports
 * them; a mapping is the document itself (Pulumi's own two forms).
 *
 * @throws Failure config/stack-file-invalid
 */
export function readStackFile(file: string): StackFile {
  return parseStackFile(file, existsSync(file) ? readFileSync(file, 'utf8') : '');
}

/**
 * Reads the text of such a file.
 *
 * @throws Failure config/stack-file-invalid
 */
export function parseStackFile(file: string, text: string): StackFile {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw invalid(file, error.message, text.slice(0, error.pos[0]));
  if (document.contents !== null && !isMap(document.contents)) throw invalid(file, 'a stack file is a mapping', '');
  return { file, document, environment: readEnvironment(document, file) };
}

function readEnvironment(document: Document, file: string): EnvironmentSource | undefined {
  const node = document.get('environment', true) as unknown;
  if (node === undefined || node === null) return undefined;
  const value = document.toJS({ maxAliasCount: 100 }) as { environment: unknown };
  if (isSeq(node)) return { kind: 'anonymous', text: stringify({ imports: value.environment }), file };
  if (isMap(node)) return { kind: 'anonymous', text: stringify(value.environment), file };
  throw invalid(file, '"environment" is a list of environments, or an environment', '');
}

function invalid(file: string, message: string, before: string): Failure {
  return new Failure({
    class: 'config',
    code: 'stack-file-invalid',
    message,
    hint: 'see https://www.pulumi.com/docs/iac/concepts/config/ for what the file may hold',
    location: { file, line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') },
  });
}
