/**
 * Marks a secret in Pulumi's state and JSON output. Source: the signature keys of Pulumi's resource values
 * (pulumi/pulumi, sdk/go/common/resource/sig).
 */
const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d';
const SECRET_SIGNATURE = '1b47061264138c4ac30d75fd1eb44270';

/** A secret in a state: its JSON text, or that encrypted by the stack's secrets provider. */
export type SecretEnvelope = { readonly plaintext: string } | { readonly ciphertext: string };

/** Reads a value of a state as a secret; undefined if it is none. */
export function readSecretEnvelope(value: unknown): SecretEnvelope | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const envelope = value as Record<string, unknown>;
  if (envelope[SIGNATURE_KEY] !== SECRET_SIGNATURE) return undefined;
  if (typeof envelope.plaintext === 'string') return { plaintext: envelope.plaintext };
  return typeof envelope.ciphertext === 'string' ? { ciphertext: envelope.ciphertext } : undefined;
}
