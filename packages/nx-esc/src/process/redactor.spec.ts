import { Redactor } from './redactor';

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

const PEM = '-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----\n';

test.each([
  ['as it is', 'hunter2-secret', 'x hunter2-secret y', 'x [secret] y'],
  ['in JSON', 'say "hi"\n', JSON.stringify({ a: 'say "hi"\n' }), '{"a":"[secret]"}'],
  ['URL-encoded', 'p@ss/w:rd', 'postgres://u:p%40ss%2Fw%3Ard@h', 'postgres://u:[secret]@h'],
  ['one line of several', PEM, 'got ijklmnop here', 'got [secret] here'],
  ['overlapping another', 'abcdef', 'xabcdefgh', 'x[secret]'],
])('redacts a secret %s', (_name, secret, text, expected) => {
  expect(redactorOf(secret, 'defgh').redact(text)).toBe(expected);
});

test.each([0, 1, 2])('redacts base64 at offset %i', (offset) => {
  const encoded = Buffer.from(`${'x'.repeat(offset)}correct-horse-battery`).toString('base64');
  expect(redactorOf('correct-horse-battery').redact(encoded)).toContain('[secret]');
});

test('redacts a secret that is cut anywhere by chunks', () => {
  const text = Buffer.from('before hunter2-secret after hunter2-secre');
  for (let cut = 0; cut <= text.length; cut += 1) {
    const stream = redactorOf('hunter2-secret').createStream();
    const out = Buffer.concat([stream.write(text.subarray(0, cut)), stream.write(text.subarray(cut)), stream.end()]);
    expect(out.toString()).toBe('before [secret] after hunter2-secre');
  }
});

test('passes on at once what cannot be a secret any more', () => {
  const stream = redactorOf('hunter2').createStream();
  expect(stream.write(Buffer.from('progress 50%')).toString()).toBe('progress 50%');
});

test('leaves short values, which would redact half of any text', () => {
  expect(redactorOf('abc').redact('abc')).toBe('abc');
});
