import { sealEnvelope } from '../functions/envelope';
import type { RotationPatch } from '../functions/function';
import { encodeUtf8, sortKeys } from '../language/byte-string';
import { parsePropertyPath } from '../language/property-path';
import type { Data } from '../values/data';
import type { ExportedValue } from '../values/exported-value';
import { writeJson } from '../values/json-writer';
import { setInText } from './edit-text';
import type { Encrypter } from './secrets-at-rest';

/**
 * Writes the new states of rotated secrets into the text of their environment (language reference, section 15.4). All
 * else stays as it is. Without an encrypter secrets are written as `fn::secret` in plain text: encrypt the result
 * before it is kept.
 *
 * @throws UnreadableDocumentError for a text that is no YAML, EditError for a path that is not there
 */
export async function applyRotationPatches(
  name: string,
  source: Uint8Array | string,
  patches: readonly RotationPatch[],
  encrypter?: Encrypter,
): Promise<string> {
  let text = source;
  for (const { path, replacement } of patches) {
    text = setInText(name, text, parsePropertyPath(path), await stateData(replacement, encrypter));
  }
  return typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
}

async function stateData(exported: ExportedValue, encrypter: Encrypter | undefined): Promise<Data> {
  if (exported.secret) {
    if (typeof exported.value === 'string') return secretCall(exported.value, encrypter);
    return new Map([['fn::fromJSON', await secretCall(writeJson(plain(exported)), encrypter)]]);
  }
  const { value } = exported;
  if (Array.isArray(value))
    return Promise.all((value as readonly ExportedValue[]).map((item) => stateData(item, encrypter)));
  if (!(value instanceof Map)) return value as Data;
  const map = value as ReadonlyMap<string, ExportedValue>;
  const keys = sortKeys(map.keys());
  const items = await Promise.all(keys.map((key) => stateData(map.get(key) as ExportedValue, encrypter)));
  return new Map(keys.map((key, index) => [key, items[index] as Data]));
}

async function secretCall(text: string, encrypter: Encrypter | undefined): Promise<Data> {
  if (encrypter === undefined) return new Map([['fn::secret', text]]);
  const envelope = sealEnvelope(await encrypter.encrypt(encodeUtf8(text)));
  return new Map([['fn::secret', new Map([['ciphertext', envelope]])]]);
}

function plain({ value }: ExportedValue): Data {
  if (Array.isArray(value)) return (value as readonly ExportedValue[]).map(plain);
  if (!(value instanceof Map)) return value as Data;
  const map = value as ReadonlyMap<string, ExportedValue>;
  return new Map(sortKeys(map.keys()).map((key) => [key, plain(map.get(key) as ExportedValue)]));
}
