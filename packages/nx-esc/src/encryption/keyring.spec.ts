import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentGroupKey, pruneGroupKeys, rekeyGroups } from './group-key-store';
import { Identities } from './identities';
import { createEncrypter, Keyring } from './keyring';
import { encryptIdentity, generateIdentity } from './new-identity';
import type { PrivateKey } from './identities';
import { unpackCiphertext } from './secret-ciphertext';

let root: string;
let anna: PrivateKey;
let ben: PrivateKey;

beforeAll(async () => {
  [anna, ben] = await Promise.all([generateIdentity(), generateIdentity()]);
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-keyring-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const FILE = 'esc.recipients.yaml';
const write = (text: string): void => writeFileSync(join(root, FILE), text);
const read = (): string => readFileSync(join(root, FILE), 'utf8');
const recipients = (people: Readonly<Record<string, PrivateKey>>): string =>
  Object.entries(people)
    .map(([name, { publicKey }]) => `  ${name}: ${publicKey}\n`)
    .join('');
const as = (person: PrivateKey | undefined, more: Record<string, string> = {}): Identities =>
  new Identities({ HOME: root, ...(person && { NX_ESC_AGE_KEY: person.identity }), ...more });
const keyring = (person: PrivateKey | undefined, more?: Record<string, string>): Keyring =>
  new Keyring({ workspaceRoot: root, identities: as(person, more) });
const seal = async (text: string, group = 'default'): Promise<Uint8Array> =>
  createEncrypter(await currentGroupKey(group, { workspaceRoot: root, identities: as(undefined) })).encrypt(
    Buffer.from(text),
  );
const open = async (ring: Keyring, ciphertext: Uint8Array): Promise<string> =>
  Buffer.from(await ring.decrypt(ciphertext)).toString();

test('anyone can encrypt, and only recipients can decrypt', async () => {
  write(`# team\nrecipients:\n${recipients({ anna, ben })}`);
  const ciphertext = await seal('hunter2');
  expect(await open(keyring(anna), ciphertext)).toBe('hunter2');
  expect(await open(keyring(ben), ciphertext)).toBe('hunter2');
  await expect(keyring(undefined).decrypt(ciphertext)).rejects.toMatchObject({
    failureClass: 'secrets',
    code: 'secret-decrypt-failed',
    message: expect.stringContaining('open for: anna, ben') as string,
  });
  expect(read()).toMatch(/^# team\n/);
  expect(read()).not.toContain('AGE-SECRET-KEY');
});

test('a person who is added can open what there is after a rekey, and its ciphertext stays', async () => {
  write(`recipients:\n${recipients({ anna })}`);
  const ciphertext = await seal('hunter2');
  write(read().replace('recipients:\n', `recipients:\n${recipients({ ben })}`));
  await expect(keyring(ben).decrypt(ciphertext)).rejects.toThrow('that of ben; secrets of group "default"');
  expect(await rekeyGroups({ workspaceRoot: root, identities: as(anna), all: false })).toEqual([
    { group: 'default', isNew: false },
  ]);
  expect(await open(keyring(ben), ciphertext)).toBe('hunter2');
});

test('nothing is encrypted any more for a person who was removed, even by one who cannot read', async () => {
  write(`recipients:\n${recipients({ anna, ben })}`);
  const before = await seal('old');
  write(read().replace(recipients({ ben }), ''));
  const after = await seal('new');
  await expect(keyring(ben).decrypt(after)).rejects.toMatchObject({ code: 'secret-decrypt-failed' });
  expect(await open(keyring(anna), after)).toBe('new');
  // The key of before is still sealed for ben until somebody who can open it rekeys.
  expect(await open(keyring(ben), before)).toBe('old');
  await rekeyGroups({ workspaceRoot: root, identities: as(anna), all: false });
  await expect(keyring(ben).decrypt(before)).rejects.toMatchObject({ code: 'secret-decrypt-failed' });
  expect(await open(keyring(anna), before)).toBe('old');
});

test('rekeying without a key writes nothing', async () => {
  write(`recipients:\n${recipients({ anna })}`);
  await seal('hunter2');
  write(read().replace('recipients:\n', `recipients:\n${recipients({ ben })}`));
  const before = read();
  await expect(rekeyGroups({ workspaceRoot: root, identities: as(ben), all: true })).rejects.toMatchObject({
    code: 'secret-decrypt-failed',
  });
  expect(read()).toBe(before);
});

test('groups have keys of their own, and old keys go when they are not used', async () => {
  write(
    `recipients:\n${recipients({ anna, ben })}groups:\n  prod:\n    environments: ['*/prod']\n    recipients: [anna]\n`,
  );
  const [dev, prod] = [await seal('dev'), await seal('prod', 'prod')];
  expect(await open(keyring(ben), dev)).toBe('dev');
  await expect(keyring(ben).decrypt(prod)).rejects.toThrow('group "prod"');
  await rekeyGroups({ workspaceRoot: root, identities: as(anna), all: true });
  const used = new Set([unpackCiphertext(prod)?.keyId as string]);
  expect(await pruneGroupKeys(used, { workspaceRoot: root })).toBe(1);
  expect(await open(keyring(anna), prod)).toBe('prod');
  await expect(keyring(anna).decrypt(dev)).rejects.toThrow('which is not in esc.recipients.yaml');
});

test('each secret is opened once, and each group key once', async () => {
  write(`recipients:\n${recipients({ anna })}`);
  const ring = keyring(anna);
  const ciphertext = await seal('hunter2');
  expect(ring.decrypt(ciphertext)).toBe(ring.decrypt(Buffer.from(ciphertext)));
  await ring.decrypt(ciphertext);
  rmSync(join(root, FILE));
  expect(await open(ring, ciphertext)).toBe('hunter2');
});

test('a group key that somebody exchanged is noticed', async () => {
  write(`recipients:\n${recipients({ anna })}`);
  await seal('hunter2');
  const real = read();
  // The attacker makes keys of his own for the same recipient, and leaves the sealed one.
  const forged = await generateIdentity();
  write(real.replace(/public: age1\w+/, `public: ${forged.publicKey}`));
  const ciphertext = await seal('for the attacker');
  await expect(keyring(anna).decrypt(ciphertext)).rejects.toThrow('does not belong to its public half');
});

test.each([
  ['made by another program', Buffer.from('something of Pulumi Cloud'), 'was not made by nx-esc'],
  ['of an unknown key', Buffer.from('nxe\x0112345678age', 'latin1'), 'which is not in esc.recipients.yaml'],
])('says of a ciphertext that it is %s', async (_name, ciphertext, message) => {
  write(`recipients:\n${recipients({ anna })}`);
  await expect(keyring(anna).decrypt(ciphertext)).rejects.toThrow(message);
});

test('a damaged ciphertext fails without a value', async () => {
  write(`recipients:\n${recipients({ anna })}`);
  const ciphertext = Buffer.from(await seal('hunter2'));
  ciphertext[ciphertext.length - 1] = (ciphertext.at(-1) as number) ^ 1;
  await expect(keyring(anna).decrypt(ciphertext)).rejects.toThrow('the ciphertext is damaged');
});

describe('private keys', () => {
  const PASSPHRASE = 'correct horse battery staple';
  const CHEAP = 8;

  test('a passphrase of the workspace opens, a wrong one fails, and none is said so', async () => {
    const armored = await encryptIdentity(anna.identity, PASSPHRASE, CHEAP);
    const lines = armored
      .trim()
      .split('\n')
      .map((line) => `      ${line}`)
      .join('\n');
    write(`recipients:\n  safe:\n    key: ${anna.publicKey}\n    identity: |\n${lines}\n`);
    const ciphertext = await seal('hunter2');
    expect(await open(keyring(undefined, { NX_ESC_PASSPHRASE: PASSPHRASE }), ciphertext)).toBe('hunter2');
    await expect(keyring(undefined, { NX_ESC_PASSPHRASE: 'wrong' }).decrypt(ciphertext)).rejects.toMatchObject({
      code: 'secret-decrypt-failed',
      message: 'the passphrase does not open the private key of recipient "safe"',
    });
    await expect(keyring(undefined).decrypt(ciphertext)).rejects.toMatchObject({ code: 'secret-decrypt-failed' });
  });

  test('a key file can be encrypted with a passphrase', async () => {
    const file = join(root, 'key');
    writeFileSync(file, await encryptIdentity(ben.identity, PASSPHRASE, CHEAP), { mode: 0o600 });
    const env = { NX_ESC_AGE_KEY_FILE: file };
    expect(await new Identities({ ...env, NX_ESC_PASSPHRASE: PASSPHRASE }).keys()).toEqual([ben]);
    await expect(new Identities(env).keys()).rejects.toMatchObject({ code: 'passphrase-missing' });
    expect(await new Identities(env, () => Promise.resolve(PASSPHRASE)).keys()).toEqual([ben]);
  });

  test('a key file that others can read is refused', async () => {
    const file = join(root, 'key');
    writeFileSync(file, `# mine\n${ben.identity}\n`, { mode: 0o600 });
    expect(await new Identities({ NX_ESC_AGE_KEY_FILE: file }).keys()).toEqual([ben]);
    chmodSync(file, 0o640);
    await expect(new Identities({ NX_ESC_AGE_KEY_FILE: file }).keys()).rejects.toMatchObject({
      code: 'key-file-exposed',
      hint: `chmod 600 ${file}`,
    });
  });

  test.each(['AGE-SECRET-KEY-1BROKEN', '', '# nothing', 'age1public'])('no message quotes %j', async (key) => {
    const reading = new Identities({ HOME: root, NX_ESC_AGE_KEY: key || ' ' }).keys();
    await expect(reading).rejects.toMatchObject({
      code: 'key-file-invalid',
      message: 'NX_ESC_AGE_KEY holds no age private key',
    });
  });
});
