import { openEnvelope, sealEnvelope } from '../functions/envelope';
import { encodeUtf8 } from '../language/byte-string';
import { findSecretCalls, type SecretCall, type SecretDocument } from './secret-calls';
import { type Encrypter, sealedCall } from './secrets-at-rest';
import { type Replacement, replaceStretches } from './splice';

/** A text whose secrets are encrypted, and the same text with them decrypted. */
export interface DecryptedText {
  readonly encrypted: string;
  readonly decrypted: string;
}

/**
 * Encrypts the secrets of a decrypted text that was edited. Secrets that did not change keep their ciphertext and their
 * layout, so that only what was edited differs.
 *
 * @throws UnreadableDocumentError for a text that is no YAML
 */
export async function reencryptSecrets(
  name: string,
  edited: string,
  before: DecryptedText,
  encrypter: Encrypter,
): Promise<string> {
  const known = pairCalls(findSecretCalls(name, before.encrypted), findSecretCalls(name, before.decrypted));
  const { text, calls } = findSecretCalls(name, edited);
  const plaintexts = calls.filter(({ kind }) => kind === 'plaintext');
  const kept = new Set(plaintexts.map(({ path, value }) => `${path}\0${value}`));
  const replacements = plaintexts.map(async (call): Promise<Replacement> => {
    const same = known.filter(({ decrypted }) => decrypted.value === call.value);
    const old =
      same.find(({ decrypted }) => decrypted.path === call.path) ??
      same.find(({ decrypted }) => !kept.has(`${decrypted.path}\0${decrypted.value}`));
    if (old === undefined) return sealedCall(call, sealEnvelope(await encrypter.encrypt(encodeUtf8(call.value))));
    return isUntouched(call, text, old)
      ? { ...stretchOf(call), text: old.encryptedText }
      : sealedCall(call, old.envelope);
  });
  return replaceStretches(text, await Promise.all(replacements));
}

/** Replaces the ciphertexts that `isStale` names; all else stays as it is. */
export async function renewSecrets(
  name: string,
  source: string,
  isStale: (ciphertext: Uint8Array) => boolean,
  renew: (ciphertext: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  const { text, calls } = findSecretCalls(name, source);
  const stale = calls.filter(({ kind, value }) => kind === 'ciphertext' && isStale(openEnvelope(value)));
  const replacements = stale.map(async (call): Promise<Replacement> => {
    const envelope = sealEnvelope(await renew(openEnvelope(call.value)));
    const start = text.indexOf(call.value, call.argumentStart);
    return { start, end: start + call.value.length, text: envelope };
  });
  return replaceStretches(text, await Promise.all(replacements));
}

interface KnownSecret {
  readonly decrypted: SecretCall;
  readonly decryptedText: string;
  readonly encryptedText: string;
  readonly envelope: string;
}

function pairCalls(encrypted: SecretDocument, decrypted: SecretDocument): KnownSecret[] {
  return encrypted.calls.flatMap((call, index) => {
    const opened = decrypted.calls[index];
    if (opened === undefined || call.kind !== 'ciphertext' || opened.kind !== 'plaintext') return [];
    return {
      decrypted: opened,
      decryptedText: textOf(opened, decrypted.text),
      encryptedText: textOf(call, encrypted.text),
      envelope: call.value,
    };
  });
}

function isUntouched(call: SecretCall, text: string, old: KnownSecret): boolean {
  return call.column === old.decrypted.column && textOf(call, text) === old.decryptedText;
}

function textOf(call: SecretCall, text: string): string {
  const { start, end } = stretchOf(call);
  return text.slice(start, end);
}

/** The call itself, and the comment behind a block call: that of a text of several lines stands in its midst. */
function stretchOf(call: SecretCall): { readonly start: number; readonly end: number } {
  return { start: call.start, end: call.isFlow ? call.end : call.argumentEnd + call.lineComment.length };
}
