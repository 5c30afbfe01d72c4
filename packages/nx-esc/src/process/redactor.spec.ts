import { inspect } from 'node:util';
import { Redactor } from './redactor';
import { formsOfSecret } from './secret-forms';

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

const PEM = '-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----\n';

test.each([
  ['as it is', 'hunter2-secret', 'x hunter2-secret y', 'x [secret] y'],
  ['without the white space at its ends', ' hunter2\n', '"hunter2\\n"\n', '"[secret]\\n"\n'],
  ['in JSON', 'say "hi"\nyou', JSON.stringify({ a: 'say "hi"\nyou' }), '{"a":"[secret]"}'],
  ['URL-encoded', 'p@ss/w:rd', 'postgres://u:p%40ss%2Fw%3Ard@h', 'postgres://u:[secret]@h'],
  ['one line of several', PEM, 'got ijklmnop here', 'got [secret] here'],
  ['overlapping another', 'abcdef', 'xabcdefgh', 'x[secret]'],
  ['repeated', 'abcdef', 'xabcdefabcdef abcdef', 'x[secret] [secret]'],
])('redacts a secret %s', (_name, secret, text, expected) => {
  expect(redactorOf(secret, 'defgh').redact(text)).toBe(expected);
});

test('redacts the longer of two secrets of which one begins the other', () => {
  expect(redactorOf('hunter', 'hunter-of-bears').redact('hunter hunter-of-bears hunter-of it')).toBe(
    '[secret] [secret] [secret]-of it',
  );
});

test.each([0, 1, 2])('redacts base64 at offset %i', (offset) => {
  const encoded = Buffer.from(`${'x'.repeat(offset)}correct-horse-battery`).toString('base64');
  expect(redactorOf('correct-horse-battery').redact(encoded)).toContain('[secret]');
});

test('redacts a secret that is cut anywhere by chunks', () => {
  const text = Buffer.from('before hunter2-secret after hun');
  for (let cut = 0; cut <= text.length; cut += 1) {
    const stream = redactorOf('hunter2-secret').createStream();
    const out = Buffer.concat([stream.write(text.subarray(0, cut)), stream.write(text.subarray(cut)), stream.end()]);
    expect(out.toString()).toBe('before [secret] after hun');
  }
});

test('passes on at once what cannot be a secret any more', () => {
  const stream = redactorOf('hunter2').createStream();
  expect(stream.write(Buffer.from('progress 50%')).toString()).toBe('progress 50%');
});

test('redacts what is there of a long secret that was cut off, but for less than a piece', () => {
  const secret = Array.from({ length: 100 }, (_, index) => `k${index}`).join('');
  const redactor = redactorOf(secret);
  expect(redactor.redact(`a ${secret} b`)).toBe('a [secret] b');
  expect(redactor.redact(`a ${secret.slice(0, 150)}... b`)).toMatch(/^a \[secret\].{0,23}\.\.\. b$/);
});

test('redacts a secret that the end of a stream cuts off', () => {
  expect(redactorOf('hunter2-secret').redact('it is hunter2-se')).toBe('it is [secret]');
});

test('redacts a secret that became known after its first half was read', () => {
  const redactor = redactorOf('hunter2-secret');
  const stream = redactor.createStream();
  const first = stream.write(Buffer.from('a hunter2-'));
  redactor.add('another-secret');
  const rest = [stream.write(Buffer.from('secret another-secret')), stream.end()];
  expect(Buffer.concat([first, ...rest]).toString()).toBe('a [secret] [secret]');
});

test.each(['abc', ' a ', 'true', 'null'])('leaves %p, and names it once', (secret) => {
  const redactor = new Redactor();
  redactor.add(secret, 'database.flag');
  redactor.add(secret, 'database.flag');
  expect(redactor.redact(`it is ${secret}`)).toBe(`it is ${secret}`);
  expect(redactor.takeUnredactable()).toEqual(['database.flag']);
  expect(redactor.takeUnredactable()).toEqual([]);
});

// Encoders that are not ours.
const ENCODERS: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  JSON: (text) => JSON.stringify({ value: text }),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify({ value: text })),
  'ASCII JSON': (text) =>
    JSON.stringify(text).replace(/[\x80-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'JSON of PHP': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  encodeURIComponent: (text) => `https://host/?q=${encodeURIComponent(text)}`,
  encodeURI: (text) => encodeURI(text),
  URLSearchParams: (text) => new URLSearchParams({ value: text }).toString(),
  'password of a URL': (text) => Object.assign(new URL('postgres://u@host/db'), { password: text }).href,
  inspect: (text) => inspect({ value: text }, { maxStringLength: null, breakLength: Infinity }),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'basic authentication': (text) => `Basic ${Buffer.from(`me:${text}`).toString('base64')}`,
  hex: (text) => Buffer.from(text).toString('hex'),
  'a shell': (text) => `'${text.replaceAll("'", `'\\''`)}'`,
};

/** A small generator of numbers, the same for the same seed (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const ALPHABETS = ['ab', 'abcdefghij0123456789', `aZ9+/=%&<>"'\\$\` \t\n\r-_.~!*();:@?#,[]{}`, 'aé漢🙂\x01\x1b\x7f ß'];

function randomText(random: (below: number) => number, shortest: number, longest: number): string {
  const alphabet = [...(ALPHABETS[random(ALPHABETS.length)] as string)];
  return Array.from({ length: shortest + random(longest) }, () => alphabet[random(alphabet.length)]).join('');
}

function redactInChunks(redactor: Redactor, text: Buffer, random: (below: number) => number): Buffer {
  const stream = redactor.createStream();
  const pieces: Buffer[] = [];
  for (let position = 0; position < text.length;) {
    const end = position + 1 + random(40);
    pieces.push(stream.write(text.subarray(position, end)));
    position = end;
  }
  return Buffer.concat([...pieces, stream.end()]);
}

/** Covers what any form covers, one form after the other. */
function redactPlainly(secrets: readonly string[], text: Buffer): Buffer {
  const isCovered = new Uint8Array(text.length);
  const texts = new Set(secrets.flatMap(formsOfSecret).map((form) => form.toString('latin1')));
  const forms = Array.from(texts, (form) => Buffer.from(form, 'latin1'));
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
      isCovered.fill(1, at, at + form.length);
    }
  }
  const longest = Math.max(
    0,
    ...forms.map((form) => {
      let begun = Math.min(form.length, text.length);
      while (begun > 0 && !text.subarray(text.length - begun).equals(form.subarray(0, begun))) begun -= 1;
      return begun;
    }),
  );
  if (longest >= 4) isCovered.fill(1, text.length - longest);
  const pieces: Buffer[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (isCovered[at] === 0) pieces.push(text.subarray(at, at + 1));
    else if (at === 0 || isCovered[at - 1] === 0) pieces.push(Buffer.from('[secret]'));
  }
  return Buffer.concat(pieces);
}

test('any secrets in any chunks: all of them are covered, and everything else is as it was', () => {
  for (let seed = 0; seed < 1000; seed += 1) {
    const random = createRandom(seed);
    const secrets = Array.from({ length: 1 + random(6) }, () => randomText(random, 4, 20));
    const parts = Array.from({ length: 1 + random(12) }, () => {
      const forms = formsOfSecret(secrets[random(secrets.length)] as string);
      const form = forms[random(forms.length)] ?? Buffer.from('none');
      return [Buffer.from(randomText(random, 0, 12)), random(3) === 0 ? form.subarray(0, random(form.length)) : form];
    });
    const text = Buffer.concat(parts.flat());
    const redacted = redactInChunks(redactorOf(...secrets), text, random).toString('latin1');
    expect({ seed, redacted }).toEqual({ seed, redacted: redactPlainly(secrets, text).toString('latin1') });
  }
});

test.each(Object.entries(ENCODERS))('no secret survives: %s', (_name, encode) => {
  for (let seed = 0; seed < 150; seed += 1) {
    const random = createRandom(seed);
    const secret = `k${randomText(random, 8, 40)}z`;
    const encoded = encode(secret);
    const redacted = redactInChunks(redactorOf(secret), Buffer.from(`before ${encoded} after`), random).toString();
    // Nothing but what the encoder puts around, and the seams of base64, is left of it.
    const left = redacted.replaceAll('[secret]', '').replace(/^before | after$/g, '');
    const around = encode('').length + 8;
    expect({ secret, encoded, left, isCovered: left.length <= around }).toMatchObject({ isCovered: true });
  }
});

test.each(Object.entries(ENCODERS))('no key of several lines survives: %s', (_name, encode) => {
  for (let seed = 0; seed < 100; seed += 1) {
    const random = createRandom(seed);
    const lines = Array.from({ length: 2 + random(6) }, () => `k${randomText(random, 8, 70).replace(/[\r\n]/g, '')}z`);
    const encoded = encode(lines.join('\n'));
    const redacted = redactInChunks(redactorOf(`${lines.join('\n')}\n`), Buffer.from(encoded), random).toString();
    const left = redacted.replaceAll('[secret]', '');
    // What an encoder makes of a line break, or the seams of base64, may be left between the lines.
    const between = 4 * (lines.length - 1);
    expect({ lines, left, isCovered: left.length <= encode('').length + 8 + between }).toMatchObject({
      isCovered: true,
    });
  }
});

test('one mask stands for a long key of several lines, as it is and in JSON', () => {
  const key = Array.from({ length: 12 }, (_, index) => `${index}`.repeat(64).slice(0, 64)).join('\n');
  expect(redactorOf(key).redact(`<${key}> ${JSON.stringify(key)}`)).toBe('<[secret]> "[secret]"');
});
