import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyKeeper, openKeyFile } from './key-keeper';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const folder = mkdtempSync(join(tmpdir(), 'nx-esc-key-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is encrypted for an environment is decrypted for it, and for no other', async () => {
  const keeper = new KeyKeeper();
  const sealed = await keeper.encrypter('api/dev').encrypt(bytes('p4ss'));
  expect(Buffer.from(sealed).includes('p4ss')).toBe(false);
  expect(Buffer.from(await keeper.decrypter('api/dev').decrypt(sealed)).toString()).toBe('p4ss');
  expect(() => keeper.decrypter('api/prod').decrypt(sealed)).toThrow('it was not encrypted for api/prod');
  expect(() => new KeyKeeper().decrypter('api/dev').decrypt(sealed)).toThrow('it was not encrypted for api/dev');
  expect(() => keeper.decrypter('api/dev').decrypt(sealed.subarray(0, 20))).toThrow('too short');
  expect(Buffer.from(await keeper.encrypter('api/dev').encrypt(bytes('p4ss')))).not.toEqual(Buffer.from(sealed));
});

test('a key is made once, for its user alone, and refused where others can read it', async () => {
  const file = join(folder, 'store', 'key');
  const [one, other] = await Promise.all([openKeyFile(file), openKeyFile(file)]);
  const sealed = await one.encrypter('api/dev').encrypt(bytes('p4ss'));
  expect(Buffer.from(await other.decrypter('api/dev').decrypt(sealed)).toString()).toBe('p4ss');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o640);
  await expect(openKeyFile(file)).rejects.toMatchObject({ code: 'key-file-unusable' });
});
