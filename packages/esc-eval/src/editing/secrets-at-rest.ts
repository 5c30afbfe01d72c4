import { decodeUtf8, encodeUtf8 } from '../language/byte-string';
import { openEnvelope, sealEnvelope } from '../functions/envelope';
import { singleQuoted, writeYamlScalar } from '../values/yaml-scalar';
import { findSecretCalls, type SecretCall } from './secret-calls';
import { type Replacement, replaceStretches } from './splice';

/** Encrypts the text of a `fn::secret`. */
export interface Encrypter {
  encrypt(plaintext: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Decrypts the inside of an envelope; the Decrypter of an evaluation is one. */
interface Decrypter {
  decrypt(ciphertext: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A secret of a document that cannot be encrypted or decrypted. */
export class SecretRewriteError extends Error {
  constructor(
    /** Path of the call in the document. */
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Encrypts every plain text of `fn::secret` in the text of an environment (language reference, section 17). All else
 * stays as it is, comments and layout included.
 *
 * @throws UnreadableDocumentError for a text that is no YAML, SecretRewriteError where the encrypter refuses
 */
export async function encryptSecrets(name: string, source: Uint8Array | string, encrypter: Encrypter): Promise<string> {
  const { text, calls } = findSecretCalls(name, source);
  const replacements = calls
    .filter(({ kind }) => kind === 'plaintext')
    .map(async (call) => {
      const ciphertext = await attempt(call, () => encrypter.encrypt(encodeUtf8(call.value)));
      return sealedCall(call, sealEnvelope(ciphertext));
    });
  return replaceStretches(text, await Promise.all(replacements));
}

/**
 * Decrypts every ciphertext of `fn::secret` under `values`, but for those that are not wanted: the inverse of
 * encryptSecrets.
 *
 * @throws UnreadableDocumentError for a text that is no YAML, SecretRewriteError for an envelope that cannot be opened
 */
export async function decryptSecrets(
  name: string,
  source: Uint8Array | string,
  decrypter: Decrypter,
  isWanted: (call: SecretCall) => boolean = () => true,
): Promise<string> {
  const { text, calls } = findSecretCalls(name, source);
  const replacements = calls
    .filter((call) => call.kind === 'ciphertext' && /^values(?:[.[]|$)/i.test(call.path) && isWanted(call))
    .map(async (call) => {
      const plaintext = await attempt(call, () => decrypter.decrypt(openEnvelope(call.value)));
      return openedCall(call, decodeUtf8(plaintext));
    });
  return replaceStretches(text, await Promise.all(replacements));
}

async function attempt(call: SecretCall, run: () => Uint8Array | Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await run();
  } catch (error) {
    throw new SecretRewriteError(call.path, `invalid ciphertext: ${(error as Error).message}`, { cause: error });
  }
}

/** Writes an envelope into a call. */
export function sealedCall(call: SecretCall, envelope: string): Replacement {
  if (call.isFlow) return flowCall(call, `{ciphertext: ${envelope}}`);
  const margin = ' '.repeat(call.column + 2);
  return blockCall(call, `\n${margin}ciphertext: ${envelope}${trailing(call)}`);
}

function openedCall(call: SecretCall, plaintext: string): Replacement {
  if (call.isFlow)
    return flowCall(
      call,
      plainOrQuoted(plaintext, (value) => writeYamlScalar(value, { place: 'flow' })),
    );
  const margin = ' '.repeat(call.column + 2);
  const written = plainOrQuoted(plaintext, (value) => writeYamlScalar(value, { place: 'block', margin, indent: 2 }));
  const [first, ...more] = written.split('\n');
  if (more.length === 0) return blockCall(call, ` ${first}${trailing(call)}`);
  // A comment cannot follow a block scalar: it goes behind its header.
  const { argumentStart, argumentEnd, lineComment } = call;
  const header = ` ${first}${trailing(call)}${lineComment}`;
  return { start: argumentStart, end: argumentEnd + lineComment.length, text: [header, ...more].join('\n') };
}

function flowCall({ start, end, comments, argumentStart, argumentEnd }: SecretCall, argument: string): Replacement {
  // A call that holds comments is not written anew: only its argument is.
  if (comments.length > 0) return { start: argumentStart, end: argumentEnd, text: ` ${argument}` };
  return { start, end, text: `{'fn::secret': ${argument}}` };
}

function blockCall({ argumentStart, argumentEnd }: SecretCall, text: string): Replacement {
  return { start: argumentStart, end: argumentEnd, text };
}

function trailing({ comments }: SecretCall): string {
  return comments.map((comment) => ` ${comment}`).join('');
}

const BOOLEAN_OR_DECIMAL =
  /^(?:true|false|Infinity|[-+]?(?:\.\d|\d)(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?(?:[eE][-+]?\d(?:_?\d)*)?)$/;

/** Texts that read as booleans and decimal numbers are written in single quotes. */
function plainOrQuoted(value: string, write: (value: string) => string): string {
  return BOOLEAN_OR_DECIMAL.test(value) &&
    Number.isFinite(Number(value.replaceAll('_', '').replace('Infinity', '0')) || 0)
    ? singleQuoted(value)
    : write(value);
}
