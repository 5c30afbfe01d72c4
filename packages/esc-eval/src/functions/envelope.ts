import { crc32 } from 'node:zlib';
import { encodeUtf8 } from '../language/byte-string';
import { Base64Error, decodeBase64 } from './base64';

/** A ciphertext whose envelope cannot be opened; the message is the reference evaluator's. */
export class EnvelopeError extends Error {}

const MAGIC = Buffer.from('escx', 'latin1');
const VERSION = 1;
const HEADER_LENGTH = 8;
const CHECKSUM_LENGTH = 4;

/** Puts a ciphertext into its envelope: `escx`, version, ciphertext, CRC-32, all in base64 (language reference, section 17). */
export function sealEnvelope(ciphertext: Uint8Array): string {
  const envelope = Buffer.alloc(HEADER_LENGTH + ciphertext.length + CHECKSUM_LENGTH);
  MAGIC.copy(envelope);
  envelope.writeUInt32BE(VERSION, MAGIC.length);
  envelope.set(ciphertext, HEADER_LENGTH);
  const end = HEADER_LENGTH + ciphertext.length;
  envelope.writeUInt32BE(crc32(envelope.subarray(0, end)), end);
  return envelope.toString('base64');
}

/**
 * Takes a ciphertext out of its envelope.
 *
 * @throws EnvelopeError
 */
export function openEnvelope(text: string): Uint8Array {
  const bytes = Buffer.from(decode(text));
  if (bytes.length < 16) throw new EnvelopeError('EOF');
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new EnvelopeError('invalid header');
  const end = bytes.length - CHECKSUM_LENGTH;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) throw new EnvelopeError('invalid checksum');
  if (bytes.readUInt32BE(MAGIC.length) !== VERSION) throw new EnvelopeError('unsupported version');
  return bytes.subarray(HEADER_LENGTH, end);
}

function decode(text: string): Uint8Array {
  try {
    return decodeBase64(encodeUtf8(text));
  } catch (error) {
    if (error instanceof Base64Error) throw new EnvelopeError(error.message);
    throw error;
  }
}
