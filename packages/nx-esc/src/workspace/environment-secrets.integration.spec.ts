import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseDocument } from 'yaml';

jest.setTimeout(60_000);

const DIST = resolve(__dirname, '../../dist');
const PROCESSES = 8;
const SECRETS = 15;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-secrets-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs a program that has `set(file, path, value)`, and makes recipients first where there are none. */
function start(program: string): ChildProcess {
  const script = `
    const { setSecret, getSecret } = require(${JSON.stringify(join(DIST, 'workspace/environment-secrets.js'))});
    const { Identities } = require(${JSON.stringify(join(DIST, 'encryption/identities.js'))});
    const { Keyring } = require(${JSON.stringify(join(DIST, 'encryption/keyring.js'))});
    const { generateIdentity } = require(${JSON.stringify(join(DIST, 'encryption/new-identity.js'))});
    const fs = require('node:fs');
    const root = ${JSON.stringify(root)};
    const context = { workspaceRoot: root, identities: new Identities({ NX_ESC_AGE_KEY_FILE: root + '/key' }) };
    const set = (file, path, value) => setSecret(context, { name: 'api/dev', file: root + '/' + file }, [path], value);
    const get = (file, path) => getSecret(new Keyring(context), { name: 'api/dev', file: root + '/' + file }, [path]);
    (async () => { ${program} })().catch((error) => { console.error(error); process.exit(1); });`;
  return spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

function run(program: string): Promise<string> {
  const child = start(program);
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  return new Promise((done, reject) => {
    child.once('close', (code) => (code === 0 ? done(output) : reject(new Error(`exit code ${String(code)}`))));
  });
}

const MAKE_RECIPIENTS = `
  const { identity, publicKey } = await generateIdentity();
  fs.writeFileSync(root + '/key', identity, { mode: 0o600 });
  fs.writeFileSync(root + '/esc.recipients.yaml', 'recipients:\\n  me: ' + publicKey + '\\n');`;
const keysOf = (file: string): string[] =>
  Object.keys((parseDocument(readFileSync(join(root, file), 'utf8')).toJS() as { values: object }).values);

test('what several processes set at the same time is all there', async () => {
  await run(MAKE_RECIPIENTS);
  writeFileSync(join(root, 'dev.yaml'), '# kept\nvalues:\n  plain: 1 # kept, too\n');
  await Promise.all(
    Array.from({ length: PROCESSES }, (_, process) =>
      run(`for (let i = 0; i < ${SECRETS}; i++) await set('dev.yaml', 'p${process}_' + i, 'value-${process}-' + i);`),
    ),
  );
  expect(keysOf('dev.yaml')).toHaveLength(1 + PROCESSES * SECRETS);
  expect(readFileSync(join(root, 'dev.yaml'), 'utf8')).toMatch(/^# kept\nvalues:\n {2}plain: 1 # kept, too\n/);
  // The first of them made the group's key: the others did not make keys of their own.
  expect(readFileSync(join(root, 'esc.recipients.yaml'), 'utf8').match(/public:/g)).toHaveLength(1);
  expect(await run(`console.log(await get('dev.yaml', 'p3_7'), await get('dev.yaml', 'p7_14'))`)).toBe(
    'value-3-7 value-7-14\n',
  );
});

test('a process that is killed leaves the old file or the new one', async () => {
  await run(MAKE_RECIPIENTS);
  const filler = Array.from({ length: 3000 }, (_, index) => `  filler${index}: ${'x'.repeat(60)}\n`).join('');
  for (let round = 0; round < 4; round += 1) {
    const file = `dev${round}.yaml`;
    writeFileSync(join(root, file), `values:\n${filler}`);
    const child = start(`for (let i = 0; ; i++) { await set('${file}', 'secret', 'value-' + i); console.log(i); }`);
    await new Promise((started) => child.stdout?.once('data', started));
    await delay(20 + round * 35);
    child.kill('SIGKILL');
    await new Promise((ended) => child.once('close', ended));
    expect(keysOf(file)).toHaveLength(3001);
    expect(await run(`process.stdout.write(await get('${file}', 'secret'))`)).toMatch(/^value-\d+$/);
  }
  // What a killed writer leaves beside the file holds ciphertext alone.
  for (const name of readdirSync(root).filter((each) => /\.yaml\.\d+$/.test(each)))
    expect(readFileSync(join(root, name), 'utf8')).not.toContain('value-');
});
