import { sealEnvelope } from '../functions/envelope';
import { ROT128 } from '../testing/test-host';
import { UnreadableDocumentError } from './secret-calls';
import { decryptSecrets, encryptSecrets } from './secrets-at-rest';

const seal = (text: string): string => sealEnvelope(ROT128.encrypt(Buffer.from(text)));

describe('encrypting the secrets of a text', () => {
  test.each([
    [
      'a block call',
      'values:\n  a:\n    fn::secret: hunter2\n',
      `values:\n  a:\n    fn::secret:\n      ciphertext: ${seal('hunter2')}\n`,
    ],
    [
      'a flow call',
      'values: {a: {fn::secret: hunter2}}\n',
      `values: {a: {'fn::secret': {ciphertext: ${seal('hunter2')}}}}\n`,
    ],
    ['a call in a list', '- fn::secret: "x" # why\n', `- fn::secret:\n    ciphertext: ${seal('x')} # why\n`],
    [
      'a literal block',
      'a:\n  fn::secret: | # why\n    x\n    y\nb: 1\n',
      `a:\n  fn::secret:\n    ciphertext: ${seal('x\ny\n')} # why\nb: 1\n`,
    ],
    [
      'a comment before the text',
      'a:\n  fn::secret: # why\n    x\n',
      `a:\n  fn::secret:\n    ciphertext: ${seal('x')} # why\n`,
    ],
    ['dollars, which are not unescaped', 'a: {fn::secret: $$x}', `a: {'fn::secret': {ciphertext: ${seal('$$x')}}}`],
  ])('%s', async (_name, plain, sealed) => {
    expect(await encryptSecrets('env', plain, ROT128)).toBe(sealed);
  });

  test.each([
    ['numbers', 'a: {fn::secret: 5}\n'],
    ['calls with siblings', 'a: {fn::secret: x, b: y}\n'],
    ['what is encrypted already', 'a: {fn::secret: {ciphertext: abc}}\n'],
    ['odd layout', 'imports: [ a ]\r\n\r\n\r\nvalues:   {b:  [ "c" ]  }   # d'],
  ])('leaves %s alone', async (_name, text) => {
    expect(await encryptSecrets('env', text, ROT128)).toBe(text);
  });

  test('refuses what is no YAML', async () => {
    await expect(encryptSecrets('env', 'a: [', ROT128)).rejects.toThrow(UnreadableDocumentError);
  });
});

describe('decrypting the secrets of a text', () => {
  test.each([
    'hunter2',
    'true',
    '0x1F',
    '12.50',
    'a: b',
    ' spaced ',
    'two\nlines',
    'three\n\nlines\n',
    '  indented\n',
    'tab\t',
    'quote\'s"',
    '日本語',
    '- dash',
    'x #y',
    '${a}',
  ])('is the inverse of encrypting: %j', async (secret) => {
    for (const text of [
      `values:\n  a:\n    fn::secret:\n      ciphertext: ${seal(secret)} # why\n  b: 1\n`,
      `values:\n  a: {'fn::secret': {ciphertext: ${seal(secret)}}}\n`,
    ]) {
      const decrypted = await decryptSecrets('env', text, ROT128);
      expect(decrypted).not.toContain('ciphertext');
      expect(await encryptSecrets('env', decrypted, ROT128)).toBe(text);
    }
  });

  test('leaves ciphertexts outside of values alone', async () => {
    const text = `other: {'fn::secret': {ciphertext: ${seal('hunter2')}}}\n`;
    expect(await decryptSecrets('env', text, ROT128)).toBe(text);
  });

  test('leaves those alone that are not wanted', async () => {
    const [one, two] = [seal('first'), seal('second')];
    const text = `values:\n  a: {'fn::secret': {ciphertext: ${one}}}\n  b: {'fn::secret': {ciphertext: ${two}}}\n`;
    expect(await decryptSecrets('env', text, ROT128, ({ value }) => value === two)).toBe(
      `values:\n  a: {'fn::secret': {ciphertext: ${one}}}\n  b: {'fn::secret': second}\n`,
    );
  });

  test('names the call whose envelope is damaged', async () => {
    const text = 'values:\n  a: [{fn::secret: {ciphertext: aGk=}}]\n';
    await expect(decryptSecrets('env', text, ROT128)).rejects.toMatchObject({
      path: 'values.a[0]',
      message: 'invalid ciphertext: EOF',
    });
  });
});
