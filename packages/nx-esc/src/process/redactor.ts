import { SecretMatcher } from './secret-matcher';

const MASK = Buffer.from('[secret]');
const SHORTEST = 4;

/**
 * Replaces secrets in what is printed by `[secret]`: as they are, line by line where they have several, and in the
 * forms in which programs commonly print them (JSON strings, URL-encoded, base64). Values under four bytes are left:
 * they would redact half of any text.
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  #matcher: SecretMatcher | undefined;

  add(secret: string): void {
    if (this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    this.#matcher = undefined;
  }

  get matcher(): SecretMatcher {
    this.#matcher ??= new SecretMatcher([...this.#secrets].flatMap(formsOf));
    return this.#matcher;
  }

  /** Redacts a whole text. */
  redact(text: string): string {
    const stream = new RedactingStream(this);
    return Buffer.concat([stream.write(Buffer.from(text)), stream.end()]).toString();
  }

  /** Redacts a text that comes in chunks: a secret may be cut by them. */
  createStream(): RedactingStream {
    return new RedactingStream(this);
  }
}

export class RedactingStream {
  #held: Buffer = Buffer.alloc(0);

  constructor(readonly redactor: Redactor) {}

  /** Takes a chunk and answers what can be printed by now. */
  write(chunk: Uint8Array): Buffer {
    return this.#take(Buffer.concat([this.#held, chunk]), false);
  }

  end(): Buffer {
    return this.#take(this.#held, true);
  }

  #take(bytes: Buffer, isLast: boolean): Buffer {
    const { ranges, pending } = this.redactor.matcher.find(bytes);
    const last = ranges.at(-1);
    let keepFrom = isLast ? bytes.length : bytes.length - pending;
    // A match that touches what is held may go on in the next chunk.
    if (!isLast && last !== undefined && last[1] > keepFrom) keepFrom = last[0];
    const pieces: Buffer[] = [];
    let position = 0;
    for (const [start, end] of ranges) {
      if (start >= keepFrom) break;
      pieces.push(bytes.subarray(position, start), MASK);
      position = end;
    }
    if (position < keepFrom) pieces.push(bytes.subarray(position, keepFrom));
    this.#held = Buffer.from(bytes.subarray(Math.max(keepFrom, position)));
    return Buffer.concat(pieces);
  }
}

function formsOf(secret: string): Uint8Array[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.trim().length >= SHORTEST);
  const texts = new Set([secret, ...lines].filter((text) => Buffer.byteLength(text) >= SHORTEST));
  const forms = new Set<string>();
  for (const text of texts) {
    const json = JSON.stringify(text).slice(1, -1);
    for (const form of [text, json, JSON.stringify(json).slice(1, -1), encodeURIComponentSafely(text)]) forms.add(form);
    for (const form of base64Forms(text)) forms.add(form);
  }
  return [...forms].map((form) => Buffer.from(form));
}

function encodeURIComponentSafely(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The stable middle of a text's base64 at each of the three places where it may stand in an encoded whole. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const stable = encoded.slice(start, end);
    return stable.length >= 6 ? [stable, stable.replaceAll('+', '-').replaceAll('/', '_')] : [];
  });
}
