import { sortKeys } from '../language/byte-string';
import { parsePropertyPath } from '../language/property-path';
import type { Data } from '../values/data';
import type { ExportedValue } from '../values/exported-value';
import { writeJson } from '../values/json-writer';
import { EditableDocument } from './edit-document';

/** What a rotation wants written back: the new state, and its place in the document. */
export interface RotationPatch {
  readonly path: string;
  readonly replacement: ExportedValue;
}

/**
 * Writes the new states of rotated secrets into the text of their environment (language reference, section 15.4).
 * Secrets are written as `fn::secret` in plain text: encrypt the result before it is kept.
 *
 * @throws UnreadableDocumentError for a text that is no YAML, EditError for a path that is not there
 */
export function applyRotationPatches(
  name: string,
  source: Uint8Array | string,
  patches: readonly RotationPatch[],
): string {
  const document = new EditableDocument(name, source);
  for (const { path, replacement } of patches) document.set(parsePropertyPath(path), stateData(replacement));
  return document.toString();
}

function stateData(exported: ExportedValue): Data {
  if (exported.secret) {
    if (typeof exported.value === 'string') return new Map([['fn::secret', exported.value]]);
    const json = writeJson(plain(exported));
    return new Map([['fn::fromJSON', new Map([['fn::secret', json]])]]);
  }
  return mapParts(exported, stateData);
}

function plain(exported: ExportedValue): Data {
  return mapParts(exported, plain);
}

function mapParts({ value }: ExportedValue, convert: (part: ExportedValue) => Data): Data {
  if (Array.isArray(value)) return (value as readonly ExportedValue[]).map(convert);
  if (!(value instanceof Map)) return value as Data;
  const map = value as ReadonlyMap<string, ExportedValue>;
  return new Map(sortKeys(map.keys()).map((key) => [key, convert(map.get(key) as ExportedValue)]));
}
