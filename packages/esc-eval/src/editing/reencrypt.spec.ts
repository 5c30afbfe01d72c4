import { sealEnvelope } from '../functions/envelope';
import { ROT128 } from '../testing/test-host';
import { reencryptSecrets, renewSecrets } from './reencrypt';
import { applyRotationPatches } from './rotation-patches';
import { decryptSecrets } from './secrets-at-rest';
import { exportOutput, secret } from '../values/provider-output';

/** Encrypts differently each time, as real ciphers do. */
let count = 0;
const CIPHER = {
  encrypt: (plaintext: Uint8Array) =>
    ROT128.encrypt(Buffer.from(`${(count += 1)}|${Buffer.from(plaintext).toString()}`)),
  decrypt: (ciphertext: Uint8Array) =>
    Buffer.from(ROT128.decrypt(ciphertext) as Uint8Array)
      .toString()
      .replace(/^\d+\|/, ''),
};
const DECRYPTER = { decrypt: (ciphertext: Uint8Array) => Buffer.from(CIPHER.decrypt(ciphertext)) };
const seal = (text: string): string => sealEnvelope(CIPHER.encrypt(Buffer.from(text)));

const ENCRYPTED = `values:
    a: {fn::secret:   {ciphertext: ${seal('one')}}} # first
    b:
      fn::secret:
           ciphertext: '${seal('two')}'    # second
    c:
        fn::secret:
            ciphertext: ${seal('x\ny\n')} # third
`;

async function edit(change: (text: string) => string): Promise<string> {
  const decrypted = await decryptSecrets('env', ENCRYPTED, DECRYPTER);
  return reencryptSecrets('env', change(decrypted), { encrypted: ENCRYPTED, decrypted }, CIPHER);
}

/** Lines of the second text that the first has not. */
const changedLines = (text: string): string[] =>
  text.split('\n').filter((line) => !ENCRYPTED.split('\n').includes(line));

test('what is not edited stays byte for byte', async () => {
  expect(await edit((text) => text)).toBe(ENCRYPTED);
});

test('only what is edited changes', async () => {
  const edited = await edit((text) => text.replace('two', 'new').replace('# first', '# 1st'));
  expect(changedLines(edited)).toEqual([
    expect.stringMatching(/^ {4}a: .*# 1st$/),
    expect.stringMatching(/ciphertext: \S+ {4}# second$/),
  ]);
  expect(await decryptSecrets('env', edited, DECRYPTER)).toContain('fn::secret: new    # second');
});

test('a secret that moves keeps its ciphertext, and a second one of the same text gets its own', async () => {
  const moved = await edit((text) => text.replace('    b:', '    moved:'));
  expect(changedLines(moved)).toEqual(['    moved:']);
  const copied = await edit((text) => `${text}    d: {fn::secret: one}\n`);
  const [line] = changedLines(copied);
  expect(line).toMatch(/^ {4}d: /);
  expect(ENCRYPTED).not.toContain(/ciphertext: (\S+?)}/.exec(line as string)?.[1]);
});

test('ciphertexts are renewed in place', async () => {
  const renewed = await renewSecrets(
    'env',
    ENCRYPTED,
    (ciphertext) => CIPHER.decrypt(ciphertext) === 'two',
    async (ciphertext) => CIPHER.encrypt(Buffer.from(CIPHER.decrypt(ciphertext))),
  );
  expect(changedLines(renewed)).toEqual([expect.stringMatching(/^ {11}ciphertext: '\S+' {4}# second$/)]);
  expect(await decryptSecrets('env', renewed, DECRYPTER)).toBe(await decryptSecrets('env', ENCRYPTED, DECRYPTER));
});

test('new states of rotated secrets are written encrypted, and nothing else is touched', async () => {
  const text = `values:
  key: # rotated
    fn::rotate::password:
      inputs:   {length: 20}   # long
      state:
        current: {old: 1} # now
  other:   1
`;
  const replacement = exportOutput({ current: secret('new'), previous: secret({ a: 1 }) });
  const patched = await applyRotationPatches(
    'env',
    text,
    [{ path: 'values.key["fn::rotate::password"].state', replacement }],
    CIPHER,
  );
  expect(patched.split('\n').slice(0, 5)).toEqual(text.split('\n').slice(0, 5));
  expect(patched).toContain('\n  other:   1\n');
  expect(patched).not.toContain('new');
  expect(await decryptSecrets('env', patched, DECRYPTER)).toContain('fn::secret: new');
  expect(await decryptSecrets('env', patched, DECRYPTER)).toContain(`fn::fromJSON:\n            fn::secret: '{"a":1}'`);
});
