import { decryptSecrets, openEnvelope, renewSecrets, type SecretCall } from 'esc-eval';
import type { Keyring } from '../encryption/keyring';
import { failureOfText } from '../workspace/environment-file';
import type { SideComparison } from './compare-sides';

export interface SendableText {
  readonly text: string;
  /** Paths of the secrets that had to be opened, since the service does not have them yet. */
  readonly opened: readonly string[];
}

/**
 * The text of an environment's file as the service takes it. Secrets that the service has already stand in it as the
 * service has encrypted them, and are not opened here; others stand in it in plain text, for the service to encrypt.
 */
export async function sendableText(
  { path = '', file, remote, identities }: SideComparison,
  keyring: Keyring,
): Promise<SendableText> {
  const text = file?.text ?? '';
  const there = identities.envelopesIn(remote?.text ?? '');
  const translated = new Map<string, string>();
  const opened: string[] = [];
  const isOpened = (call: SecretCall): boolean => {
    const envelope = there.get(identities.tokenOf(call));
    if (envelope === undefined) opened.push(call.path.replace(/^values\.?/, ''));
    else translated.set(keyOf(openEnvelope(call.value)), envelope);
    return envelope === undefined;
  };
  try {
    const decrypted = await decryptSecrets(path, text, keyring, isOpened);
    const isTranslated = (ciphertext: Uint8Array): boolean => translated.has(keyOf(ciphertext));
    const renewed = await renewSecrets(path, decrypted, isTranslated, (ciphertext) =>
      Promise.resolve(openEnvelope(translated.get(keyOf(ciphertext)) as string)),
    );
    return { text: renewed, opened };
  } catch (error) {
    throw failureOfText(error, path, text);
  }
}

function keyOf(ciphertext: Uint8Array): string {
  return Buffer.from(ciphertext).toString('base64');
}
