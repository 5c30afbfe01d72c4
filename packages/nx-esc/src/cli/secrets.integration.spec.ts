import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { Person, type PersonResult } from '../testing/person';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(60_000);

const DEV = 'apps/api/esc/dev.yaml';
const PROD = 'apps/api/esc/prod.yaml';
/** Layout, comments and order that a writer of YAML would change. */
const TEXT = `# the environment of developers


imports:   [ ]     # none
values:
    url:    "http://localhost"     # where

    # about the database
    database:   {host: localhost,   port:  5432}
    key:
        fn::secret:   first-secret     # of the key
    multi:
        fn::secret: |
            line one

            line two
    after:   0x1F
# the end
`;

let workspace: TestWorkspace;
let anna: Person;
let ben: Person;
let ci: Person;

beforeEach(() => {
  workspace = new TestWorkspace({
    'apps/api/project.json': JSON.stringify({ name: 'api' }),
    [DEV]: TEXT,
    [PROD]: 'values: {}\n',
  });
  [anna, ben, ci] = [1, 2, 3].map(() => new Person(workspace.root)) as [Person, Person, Person];
});
afterEach(() => {
  for (const each of [anna, ben, ci, workspace]) each.remove();
});

async function succeed(running: Promise<PersonResult>): Promise<string> {
  const { code, stdout, stderr } = await running;
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return stdout;
}

/** Makes a key for each, and recipients of them. */
async function addRecipients(people: Readonly<Record<string, Person>>): Promise<void> {
  for (const [name, person] of Object.entries(people)) {
    await succeed(person.run(['keys', 'new']));
    await succeed(person.run(['recipient', 'add', name]));
  }
}

/** Lines of the file now that were not in a text before. */
const changedLines = (file: string, before: string): string[] =>
  workspace
    .read(file)
    .split('\n')
    .filter((line) => !before.split('\n').includes(line));

test('two people and a pipeline share secrets, until one of them leaves', async () => {
  await addRecipients({ anna, ben });
  const publicKey = (await succeed(ci.run(['keys', 'new']))).trim();
  workspace.write({
    'esc.recipients.yaml': `${workspace.read('esc.recipients.yaml')}  # the pipeline
  ci: ${publicKey}
groups:
  prod:
    environments: ['*/prod'] # people of operations
    recipients: [anna, ci]
`,
  });

  // Somebody without a key adds secrets.
  const guest = new Person(workspace.root);
  await succeed(guest.run(['secret', 'set', 'api/prod', 'database.password'], { input: 'prod-secret\n' }));
  await succeed(guest.run(['secret', 'set', 'api/dev', 'token'], { input: 'dev-secret\n' }));
  expect(await guest.run(['secret', 'get', 'api/dev', 'token'])).toMatchObject({
    code: 30,
    stderr: expect.stringMatching(
      /^secrets\/secret-decrypt-failed: apps\/api\/esc\/dev\.yaml:\d+:\d+: there is no private key here; .* open for: anna, ben, ci\n {2}→ /,
    ) as string,
  });
  guest.remove();

  expect(await succeed(ci.run(['open', 'api/prod', 'database.password', '-f', 'string']))).toBe('prod-secret\n');
  expect(await succeed(ben.run(['secret', 'get', 'api/dev', 'token']))).toBe('dev-secret');
  expect(await ben.run(['open', 'api/prod'])).toMatchObject({
    code: 30,
    stdout: '',
    stderr: expect.stringMatching(/group "prod".* open for: anna, ci[^]*→ let one of them add you/) as string,
  });
  expect(await succeed(ben.run(['check', 'api/prod']))).toContain('no problems');

  const before = workspace.read(DEV);
  await succeed(anna.run(['recipient', 'rm', 'ben']));
  const { stderr } = await anna.run(['rekey']);
  expect(stderr).toMatch(
    /group default: a new key[^]*encrypted anew: api\/dev[^]*what the history of the repository holds/,
  );
  expect(await ben.run(['open', 'api/dev'])).toMatchObject({ code: 30 });
  expect(await succeed(ci.run(['secret', 'get', 'api/dev', 'token']))).toBe('dev-secret');
  expect(workspace.read('esc.recipients.yaml')).toMatch(/ {2}# the pipeline\n {2}ci: [^]*people of operations/);
  // What the history holds still opens with what the history holds: see docs/secrets.md.
  expect(changedLines(DEV, before)).toHaveLength(1);
});

test('editing touches nothing but the secret', async () => {
  await addRecipients({ anna });
  await succeed(anna.run(['encrypt', 'api/dev']));
  const encrypted = workspace.read(DEV);
  expect(encrypted).not.toMatch(/first-secret|line two/);
  expect(
    encrypted
      .replace(/ {8}fn::secret:\n.*ciphertext: \S+ /, '        fn::secret:   first-secret ')
      .split('\n')
      .slice(0, 11),
  ).toEqual(TEXT.split('\n').slice(0, 11));
  expect(encrypted).toMatch(/\n {4}after: {3}0x1F\n# the end\n$/);

  await succeed(anna.run(['secret', 'set', 'api/dev', 'key'], { input: 'second-secret' }));
  expect(changedLines(DEV, encrypted)).toEqual([expect.stringMatching(/^ {10}ciphertext: \S+ {5}# of the key$/)]);
  const second = workspace.read(DEV);
  await succeed(anna.run(['secret', 'set', 'api/dev', 'database.password'], { input: 'in-a-flow-map' }));
  expect(changedLines(DEV, second)).toEqual([
    expect.stringMatching(/^ {4}database: {3}\{host: localhost, {3}port: {2}5432, password: \{.*\}\}$/),
  ]);
  await succeed(anna.run(['secret', 'rm', 'api/dev', 'database.password']));

  await succeed(anna.run(['encrypt']));
  await succeed(anna.run(['rekey']));
  expect(await succeed(anna.run(['decrypt', 'api/dev']))).toContain('second-secret');
  expect(JSON.parse(await succeed(anna.run(['open', 'api/dev'])))).toMatchObject({
    key: 'second-secret',
    multi: 'line one\n\nline two\n',
  });
  expect((await succeed(anna.run(['secret', 'ls', DEV]))).split('\n')).toEqual([
    'key\tgroup default',
    'multi\tgroup default',
    '',
  ]);
});

test('secret edit encrypts what was edited, in a file that nobody else can read', async () => {
  await addRecipients({ anna });
  await succeed(anna.run(['encrypt']));
  const before = workspace.read(DEV);
  const tools = mkdtempSync(join(tmpdir(), 'nx-esc-editor-'));
  const temporary = mkdtempSync(join(tmpdir(), 'nx-esc-tmp-'));
  const editor = join(tools, 'editor');
  const edit = (script: string): Promise<PersonResult> => {
    writeFileSync(editor, `#!/bin/sh\nstat -c '%a %n' "$1" "$(dirname "$1")" > ${tools}/modes\n${script}\n`);
    chmodSync(editor, 0o755);
    return anna.run(['secret', 'edit', 'api/dev'], { env: { EDITOR: editor, TMPDIR: temporary } });
  };
  try {
    await succeed(edit(`sed -i 's/first-secret/third-secret/' "$1"`));
    const [file, folder] = readFileSync(join(tools, 'modes'), 'utf8').split('\n');
    expect([file, folder]).toEqual([expect.stringMatching(/^600 /), expect.stringMatching(/^700 /)]);
    expect(changedLines(DEV, before)).toEqual([expect.stringMatching(/ciphertext: \S+ {5}# of the key$/)]);
    expect(await succeed(anna.run(['secret', 'get', 'api/dev', 'key']))).toBe('third-secret');

    const kept = workspace.read(DEV);
    expect(await edit(`printf 'values: {a: [third-secret' > "$1"`)).toMatchObject({
      code: 10,
      stderr: expect.stringMatching(/^config\/yaml-syntax: apps\/api\/esc\/dev\.yaml(?![^]*third-secret)/) as string,
    });
    expect(await edit('exit 3')).toMatchObject({
      code: 40,
      stderr: expect.stringContaining('tool/editor-failed') as string,
    });
    expect(await edit('true')).toMatchObject({ code: 0 });
    expect(workspace.read(DEV)).toBe(kept);
    expect(readdirSync(temporary)).toEqual([]);
  } finally {
    rmSync(tools, { recursive: true });
    rmSync(temporary, { recursive: true });
  }
});

test('plain text is refused before a commit, as the commit will have it', async () => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      cwd: workspace.root,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  git('init', '-q');
  git('add', '.');
  const found = {
    code: 10,
    stdout: '',
    stderr: expect.stringMatching(
      /^config\/plaintext-secret: apps\/api\/esc\/dev\.yaml:11:9: the secret key is in plain text \(and 1 more\)\n {2}apps\/api\/esc\/dev\.yaml:13:9: multi\n/,
    ) as string,
  };
  expect(await anna.run(['encrypt', '--check'])).toMatchObject(found);
  expect(await anna.run(['encrypt', '--check', DEV])).toMatchObject(found);
  expect(await anna.run(['encrypt', '--check', PROD])).toMatchObject({ code: 0, stderr: '' });
  await addRecipients({ anna });
  await succeed(anna.run(['encrypt']));
  expect(await anna.run(['encrypt', '--check'])).toMatchObject({ code: 0 });
  expect(await anna.run(['encrypt', '--staged'])).toMatchObject(found);
  git('add', '.');
  expect(await anna.run(['encrypt', '--staged'])).toMatchObject({ code: 0, stderr: '' });
});

test('decrypting in place has to be confirmed', async () => {
  await addRecipients({ anna });
  await succeed(anna.run(['encrypt']));
  const encrypted = workspace.read(DEV);
  expect(await anna.run(['decrypt', 'api/dev', '--in-place'])).toMatchObject({ code: 10 });
  expect(workspace.read(DEV)).toBe(encrypted);
  await succeed(anna.run(['decrypt', 'api/dev', '--in-place', '--yes']));
  expect(workspace.read(DEV)).toContain('first-secret');
});

test('a passphrase can be a recipient, and protect a key', async () => {
  const PASSPHRASE = 'correct horse battery staple';
  const env = { NX_ESC_PASSPHRASE: PASSPHRASE };
  await succeed(anna.run(['recipient', 'add', 'safe', '--passphrase'], { env }));
  await succeed(anna.run(['secret', 'set', 'api/prod', 'key'], { input: 'hunter2' }));
  expect(await succeed(ben.run(['secret', 'get', 'api/prod', 'key'], { env }))).toBe('hunter2');
  expect(await ben.run(['secret', 'get', 'api/prod', 'key'], { env: { NX_ESC_PASSPHRASE: 'wrong' } })).toMatchObject({
    code: 30,
    stderr: expect.stringContaining('the passphrase does not open the private key of recipient "safe"') as string,
  });
  await succeed(ben.run(['keys', 'new', '--passphrase'], { env }));
  const file = join(ben.home, '.config/nx-esc/age.key');
  expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await ben.run(['keys', 'new'], { env })).toMatchObject({ code: 10 });
  chmodSync(file, 0o644);
  expect(await ben.run(['open', 'api/prod'], { env })).toMatchObject({
    code: 30,
    stderr: expect.stringContaining('secrets/key-file-exposed') as string,
  });
  // Passphrases are slow on purpose.
}, 240_000);

test('no value is ever on a command line', async () => {
  await addRecipients({ anna });
  const VALUE = 'value-that-nobody-may-see';
  const seen = new Set<string>();
  const sample = setInterval(() => {
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${id}/cmdline`, 'utf8'));
      } catch {
        // It has ended.
      }
    }
  }, 5);
  try {
    await succeed(anna.run(['secret', 'set', 'api/prod', 'key'], { input: VALUE }));
    expect(await succeed(anna.run(['secret', 'get', 'api/prod', 'key']))).toBe(VALUE);
    await succeed(anna.run(['secret', 'edit', 'api/prod'], { env: { EDITOR: 'cat >/dev/null; sleep 0.05; true' } }));
  } finally {
    clearInterval(sample);
  }
  const lines = [...seen];
  expect(lines.filter((line) => /secret\0set/.test(line))).not.toEqual([]);
  expect(lines.filter((line) => /sleep|editor|nx-esc\0/.test(line))).not.toEqual([]);
  expect(lines.filter((line) => line.includes(VALUE))).toEqual([]);
  expect(workspace.filesWith(VALUE)).toEqual([]);
});

test('what is wrong is said without values and stack traces, and the files are left alone', async () => {
  await addRecipients({ anna });
  const cases: [string[], string][] = [
    [['secret', 'get', 'api/dev', 'nope'], 'config/secret-not-in-file'],
    [['secret', 'set', 'api/dev', 'database'], 'database holds 2 values'],
    [['secret', 'set', 'api/dev', 'url.x'], 'values.url: expected an array or an object'],
    [['secret', 'set', 'api/nope', 'x'], 'config/environment-not-found'],
    [['secret', 'set', 'api/dev', 'a.'], 'config/option-invalid'],
    [['secret', 'set', '../x.yaml', 'a'], 'config/environment-not-found'],
    [['recipient', 'add', 'x', 'AGE-SECRET-KEY-1LEAK'], 'nx-esc keys show'],
    [['rotate', 'api/dev'], 'config/rotation-not-found'],
  ];
  for (const [args, text] of cases) {
    const result = await anna.run(args, { input: 'do-not-print-me' });
    expect(result).toMatchObject({ code: 10, stdout: '', stderr: expect.stringContaining(text) as string });
    expect(result.stderr).not.toMatch(/do-not-print-me|LEAK|\n {4}at /);
    expect(workspace.read(DEV)).toBe(TEXT);
  }
});

test('secrets cannot be set without recipients', async () => {
  expect(await anna.run(['secret', 'set', 'api/dev', 'x'], { input: 'y' })).toMatchObject({
    code: 10,
    stderr: expect.stringContaining('config/recipients-missing') as string,
  });
  expect(readdirSync(workspace.root)).not.toContain('esc.recipients.yaml');
});
