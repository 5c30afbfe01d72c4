import { createHmac, randomBytes } from 'node:crypto';
import { type Decrypter, findSecretCalls, openEnvelope, type SecretCall } from 'esc-eval';

/** A definition of the workspace and the one of the service that was made of it. */
export interface DefinitionPair {
  readonly file: string;
  readonly remote: string;
}

/**
 * Tells which secrets are the same on both sides, where they are encrypted with different keys. What was once pushed
 * tells it without opening anything; only what was encrypted on the other side has to be opened.
 */
export class SecretIdentities {
  // Tokens tell nothing to those who do not have the key, which ends with this process.
  readonly #key = randomBytes(32);
  readonly #counterparts = new Map<string, SecretCall>();
  readonly #opened = new Map<string, string>();

  constructor(readonly name: string) {}

  /** A token that secrets with the same value have in common. */
  readonly tokenOf = (call: SecretCall): string => {
    const counterpart = this.#counterparts.get(call.value) ?? call;
    const plaintext =
      counterpart.kind === 'plaintext'
        ? counterpart.value
        : (this.#opened.get(call.value) ?? this.#opened.get(counterpart.value));
    const identity = plaintext === undefined ? `ciphertext ${counterpart.value}` : `plaintext ${plaintext}`;
    return `[secret ${createHmac('sha256', this.#key).update(identity).digest('hex').slice(0, 32)}]`;
  };

  /** Learns from a text that was pushed and what the service made of it: a secret has the same path in both. */
  pair({ file, remote }: DefinitionPair): void {
    const pushed = new Map(this.#callsOf(file).map((call) => [call.path, call]));
    for (const { kind, path, value } of this.#callsOf(remote)) {
      const counterpart = pushed.get(path);
      if (kind === 'ciphertext' && counterpart !== undefined) this.#counterparts.set(value, counterpart);
    }
  }

  /** Whether a text of the service has secrets of which it is not known what they are. */
  hasUnknown(remote: string): boolean {
    return this.#callsOf(remote).some(
      ({ kind, value }) => kind === 'ciphertext' && !this.#counterparts.has(value) && !this.#opened.has(value),
    );
  }

  /** Learns from the text of the service and the same with its secrets decrypted. */
  learn(encrypted: string, decrypted: string): void {
    const opened = new Map(this.#callsOf(decrypted).map((call) => [call.path, call]));
    for (const { kind, path, value } of this.#callsOf(encrypted)) {
      const call = opened.get(path);
      if (kind !== 'ciphertext' || call?.kind !== 'plaintext') continue;
      this.#opened.set(value, call.value);
      const counterpart = this.#counterparts.get(value);
      if (counterpart?.kind === 'ciphertext') this.#opened.set(counterpart.value, call.value);
    }
  }

  /** Opens the secrets of a text of the workspace. */
  async open(file: string, decrypter: Decrypter): Promise<void> {
    const envelopes = this.#callsOf(file).flatMap(({ kind, value }) => (kind === 'ciphertext' ? [value] : []));
    for (const envelope of envelopes) {
      if (this.#opened.has(envelope)) continue;
      const plaintext = await decrypter.decrypt(openEnvelope(envelope));
      this.#opened.set(envelope, Buffer.from(plaintext).toString('utf8'));
    }
  }

  /** Says what an envelope holds that was just made. */
  add(envelope: string, plaintext: string): void {
    this.#opened.set(envelope, plaintext);
  }

  /** What is in an envelope, as far as it was opened. */
  plaintextOf(envelope: string): string | undefined {
    return this.#opened.get(envelope);
  }

  /** Envelopes of a text by the tokens of the secrets in them. */
  envelopesIn(text: string): Map<string, string> {
    return new Map(
      this.#callsOf(text).flatMap((call) => (call.kind === 'ciphertext' ? [[this.tokenOf(call), call.value]] : [])),
    );
  }

  #callsOf(text: string): readonly SecretCall[] {
    return findSecretCalls(this.name, text).calls;
  }
}
