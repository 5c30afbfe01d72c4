import { dirname } from 'node:path';
import type { PersonResult } from '../testing/person';
import { Clone } from '../testing/clone';
import { captureProcess } from '../process/run-process';
import { findPulumi } from '../pulumi/find-pulumi';
import { FaultyProxy } from '../testing/faulty-proxy';
import { startTestService, type TestService } from '../testing/test-service';

jest.setTimeout(60_000);

const BASE = 'apps/api/esc/base.yaml';
const STAGING = 'apps/api/esc/staging.yaml';
const SECRET = 'correct-horse-battery';
const FILES = {
  'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options: { organization: 'acme' } }] }),
  '.gitignore': '.nx\n',
  'apps/api/project.json': JSON.stringify({ name: 'api' }),
  [BASE]: '# what all have in common\nvalues:\n  host: example.test # public\n  port: 8080\n',
  [STAGING]: `imports:
  - api/base

values:
  url: https://\${host}

  # the database
  database:
    password:
      fn::secret: ${SECRET}

  replicas: 2
`,
};

let template: Clone;
let service: TestService;
let proxy: FaultyProxy;
let anna: Clone;
const clones: Clone[] = [];
/** Everything that any command printed. */
let printed: string;

beforeAll(async () => {
  template = Clone.create(FILES, {});
  await run(template, 'keys', 'new');
  await run(template, 'recipient', 'add', 'anna');
  await run(template, 'encrypt');
  template.commit('Encrypt');
});
afterAll(() => template.removeAll());
beforeEach(async () => {
  service = await startTestService();
  proxy = await FaultyProxy.start(service.url);
  printed = '';
  anna = template.fork({
    PULUMI_BACKEND_URL: proxy.url,
    PULUMI_ACCESS_TOKEN: service.token,
    NX_ESC_TIMEOUT: '6',
  });
  clones.push(anna);
});
afterEach(async () => {
  expect(printed).not.toContain(SECRET);
  expect(service.faults).toEqual([]);
  await proxy.close();
  await service.close();
  for (const clone of clones.splice(0).reverse()) clone.removeAll();
});

async function attempt(clone: Clone, args: readonly string[], env: Record<string, string> = {}): Promise<PersonResult> {
  const result = await clone.run(args, { env });
  printed += result.stdout + result.stderr;
  return result;
}

async function run(clone: Clone, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await attempt(clone, args);
  if (code !== 0) throw new Error(`${args.join(' ')}: exit code ${code}\n${stdout}${stderr}`);
  return stdout;
}

async function fail(clone: Clone, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await attempt(clone, args);
  expect(`${code}${stdout}`).toBe('10');
  expect(stderr).not.toMatch(/\n {4}at /);
  return stderr;
}

/** Someone else with a clone, whose key is only there if it is given. */
function join(name: string, options: { readonly isShallow?: boolean } = {}): Clone {
  const clone = anna.another(name, options);
  clones.push(clone);
  return clone;
}

/** The real command, which edits what the service has. */
async function pulumi(...args: string[]): Promise<string> {
  const env = {
    PATH: `${dirname(findPulumi(process.env))}:${process.env.PATH ?? ''}`,
    HOME: template.home,
    PULUMI_HOME: `${template.home}/.pulumi`,
    PULUMI_BACKEND_URL: service.url,
    PULUMI_ACCESS_TOKEN: service.token,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
  };
  const { code, stdout, stderr } = await captureProcess({ command: 'pulumi', args: ['env', ...args], cwd: '/', env });
  if (code !== 0) throw new Error(`pulumi env ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const there = async (path: string): Promise<string> =>
  (await service.fetch(`/api/esc/environments/acme/api/${path}`)).text();

test('pushes what was committed, imports first, and knows from then on what both sides have', async () => {
  expect(await run(anna, 'status')).toBe(
    'api/base     only here  push creates it\napi/staging  only here  push creates it\n',
  );
  const dry = await run(anna, 'push', 'api/staging', '--dry-run');
  expect(dry).toMatch(/^api\/base +would be created\napi\/staging +would be created\n$/);
  expect(proxy.asked.filter((asked) => !asked.startsWith('GET'))).toEqual(
    expect.arrayContaining([expect.stringMatching(/^POST .*\/yaml\/check/)]),
  );
  expect(proxy.asked.filter((asked) => /^(?:PATCH|POST .*acme$)/.test(asked))).toEqual([]);

  expect(await run(anna, 'push', 'api/staging')).toBe(
    'api/base     created  revision 2\napi/staging  created  revision 2; 1 secret sent\n',
  );
  expect(await there('staging')).toMatch(/^imports:\n {2}- api\/base\n\nvalues:\n[^]*# the database[^]*ciphertext: /);
  expect(await there('staging/decrypt')).toContain(SECRET);
  expect(await there('staging')).not.toContain(anna.read(STAGING).match(/ciphertext: (\S+)/)?.[1]);
  expect(await run(anna, 'status', '--exit-code')).toMatch(/^api\/base +in sync\napi\/staging +in sync\n$/);

  // In CI, in a new clone, without a key: what was not changed stays encrypted.
  anna.write({ [STAGING]: anna.read(STAGING).replace('replicas: 2', 'replicas: 3') });
  expect(await fail(anna, 'push', 'api/staging')).toContain('config/file-not-committed: apps/api/esc/staging.yaml');
  anna.commit('More of them');
  const ci = join('ci');
  expect(await run(ci, 'status')).toMatch(/api\/staging +ahead/);
  const before = (await there('staging')).match(/ciphertext: (\S+)/)?.[1];
  proxy.asked.length = 0;
  expect(await run(ci, 'push', '--affected', '--base=HEAD~1')).toMatch(
    /^api\/base +in sync +revision 2\napi\/staging +updated +revision 3\n$/,
  );
  expect(proxy.asked.join()).not.toContain('decrypt');
  expect((await there('staging')).match(/ciphertext: (\S+)/)?.[1]).toBe(before);
  expect(await there('staging/decrypt')).toMatch(/replicas: 3/);
  expect(JSON.parse(await run(anna, 'status', '--format=json'))).toMatchObject([
    { environment: 'api/base', state: 'in-sync', revision: 2 },
    { environment: 'api/staging', state: 'in-sync', revision: 3, pushed: { revision: 3 } },
  ]);
  const audit = await run(ci, 'audit', '--format=json');
  expect(audit).toMatch(/"operation": ?"push"/);
});

test('a change that was made there is taken over, and nothing else of the file is touched', async () => {
  await run(anna, 'push', '--all');
  const ben = join('ben');
  const file = ben.read(STAGING);
  await pulumi('set', 'acme/api/staging', 'replicas', '5');
  await pulumi('set', 'acme/api/staging', 'token', 'new-secret-there', '--secret');
  anna.write({ [STAGING]: anna.read(STAGING).replace('https://', 'http://') });
  anna.commit('Without encryption');

  expect(await run(ben, 'status')).toMatch(/api\/staging +behind +revision 4 by \S+, 20\S+, 2 revisions since/);
  expect(await fail(ben, 'push', '--all')).toMatch(
    /^config\/remote-ahead: apps\/api\/esc\/staging\.yaml: api\/staging was changed in the service \(revision 4 by [^]*→ take them over: nx-esc pull api\/staging; --force overwrites them\n$/,
  );
  // Ben has no key: he can add secrets, and not read them.
  expect(await run(ben, 'pull', 'api/staging', '--dry-run')).toContain('would be updated');
  expect(ben.read(STAGING)).toBe(file);
  expect(await run(ben, 'pull', 'api')).toMatch(/api\/base +in sync\napi\/staging +updated/);
  const lines = (text: string): string[] => text.split('\n');
  expect(lines(ben.read(STAGING)).filter((line) => !lines(file).includes(line))).toEqual([
    '  replicas: 5',
    '  token:',
    '    fn::secret:',
    expect.stringMatching(/^ {6}ciphertext: /),
  ]);
  expect(printed).not.toContain('new-secret-there');
  ben.git('add', '-A');
  ben.git('commit', '-q', '-m', 'Take over');
  ben.update();
  ben.git('push', '-q', 'origin', 'HEAD:main');

  // Both changes are in the file now, so it may go there.
  anna.update();
  expect((await run(anna, 'secret', 'get', 'api/staging', 'token')).trim()).toBe('new-secret-there');
  expect(await run(anna, 'push', '--all')).toMatch(/api\/staging +updated +revision 5\n$/);
  const now = await there('staging/decrypt');
  for (const text of ['replicas: 5', 'http://$', 'new-secret-there', SECRET]) expect(now).toContain(text);
  expect(await run(ben, 'status', '--exit-code')).toMatch(/in sync\n[^]*in sync\n$/);
});

test('what both sides have changed is merged key by key, or refused', async () => {
  await run(anna, 'push', '--all');
  await pulumi('set', 'acme/api/base', 'port', '9090');
  anna.write({ [BASE]: anna.read(BASE).replace('example.test', 'example.org') });
  anna.commit('Another host');
  expect(await fail(anna, 'push', 'api/base')).toContain('api/base was changed on both sides');
  expect(await run(anna, 'pull', 'api/base')).toMatch(/api\/base +merged/);
  expect(anna.read(BASE)).toBe('# what all have in common\nvalues:\n  host: example.org # public\n  port: 9090\n');
  expect(await run(anna, 'status', 'api/base')).toMatch(/ahead/);
  anna.commit('Merge');
  expect(await run(anna, 'push', 'api/base')).toMatch(/updated +revision 4/);

  await pulumi('set', 'acme/api/base', 'port', '1111');
  anna.write({ [BASE]: anna.read(BASE).replace('9090', '2222') });
  anna.commit('Another port');
  const file = anna.read(BASE);
  expect(await fail(anna, 'pull', 'api/base')).toMatch(
    /^config\/merge-conflict: apps\/api\/esc\/base\.yaml: api\/base was changed on both sides, each in its own way: values\.port\n/,
  );
  expect(anna.read(BASE)).toBe(file);
  expect(await run(anna, 'push', 'api/base', '--force')).toMatch(/updated +revision 6/);
  await pulumi('set', 'acme/api/base', 'port', '3333');
  anna.write({ [BASE]: anna.read(BASE).replace('2222', '4444') });
  expect(await run(anna, 'pull', 'api/base', '--force')).toMatch(/updated/);
  expect(anna.read(BASE)).toContain('port: 3333');
});

test('diff --remote compares values and lines, and shows no secret', async () => {
  await run(anna, 'push', '--all');
  expect(await run(anna, 'diff', 'api/staging', '--remote', '--exit-code')).toMatch(
    /^api\/staging \(revision 2\) → apps\/api\/esc\/staging\.yaml\nno difference, 5 equal\n$/,
  );
  await pulumi('set', 'acme/api/base', 'host', 'there.test');
  await pulumi('set', 'acme/api/staging', 'database.password', 'another-secret', '--secret');
  const { code, stdout } = await attempt(anna, ['diff', 'api/staging', '--remote', '--exit-code']);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /~ database\.password +\[secret\] differs\n~ host +"there\.test" → "example\.test"\n~ url [^]*\n@@ [^]*-\s+fn::secret: '\[secret a\]'\n\+\s+fn::secret: '\[secret b\]'/,
  );
  const opened = JSON.parse(await run(anna, 'diff', 'api/staging', '--remote', '--open', '--format=json')) as object;
  expect(opened).toMatchObject({ differences: [{ key: 'database.password' }, { key: 'host' }, { key: 'url' }] });
  expect(printed).not.toContain('another-secret');
  expect(await fail(anna, 'diff', 'api/staging', 'api/base', '--remote')).toContain('config/option-invalid');
});

test('an old clone, one without history and a rollback overwrite nothing', async () => {
  const old = join('old');
  anna.write({ [BASE]: anna.read(BASE).replace('8080', '8081') });
  anna.commit('Another port');
  await run(anna, 'push', '--all');
  expect(await fail(old, 'push', 'api/base')).toMatch(/pushed from commit [0-9a-f]{9}[^]*fetch and merge it/);
  old.update();
  expect(await run(old, 'push', 'api/base')).toMatch(/in sync/);

  anna.write({ [BASE]: anna.read(BASE).replace('8081', '8082') });
  anna.commit('And another');
  const shallow = join('shallow', { isShallow: true });
  expect(await fail(shallow, 'push', 'api/base')).toContain('this history does not have');
  await run(anna, 'push', 'api/base');
  await pulumi('version', 'rollback', 'acme/api/base@2');
  expect(await there('base')).toContain('8081');
  expect(await fail(anna, 'push', 'api/base')).toContain('config/remote-ahead');
  // To take back a change in git is a change like any other.
  expect(await run(anna, 'pull', 'api/base')).toMatch(/updated/);
  anna.commit('Take over');
  expect(await run(anna, 'push', 'api/base')).toMatch(/in sync/);
  anna.git('revert', '--no-edit', 'HEAD');
  expect(await run(anna, 'push', 'api/base')).toMatch(/updated/);
  expect(await there('base')).toContain('8082');
});

test('what is only there becomes a file, with its secrets encrypted, and is never removed', async () => {
  await run(anna, 'push', '--all');
  await pulumi('init', 'acme/api/qa');
  await pulumi('set', 'acme/api/qa', 'key', 'secret-of-qa', '--secret');
  await pulumi('init', 'acme/other/qa');
  expect(await run(anna, 'status')).toMatch(/^api\/base +in sync\napi\/qa +only there +pull makes a file of it\n/);
  await run(anna, 'push', '--all');
  await run(anna, 'pull', '--all');
  expect(anna.filesWithSecret('secret-of-qa')).toBe('');
  expect((await run(anna, 'secret', 'get', 'api/qa', 'key')).trim()).toBe('secret-of-qa');
  expect(await run(anna, 'status', 'api/qa')).toMatch(/in sync/);
  expect(await fail(anna, 'pull', 'other/qa')).toContain('the workspace has no project other');
  expect(await fail(anna, 'push', 'api/nowhere')).toContain('config/environment-not-found');
});

test('nothing is written where something would be refused', async () => {
  anna.write({
    'apps/api/esc/dev.yaml': 'imports: [base]\nvalues: {}\n',
    'apps/api/esc/prod.yaml': 'imports:\n  - elsewhere/missing\nvalues:\n  a: ${nope}\n',
  });
  anna.commit('Broken ones');
  expect(await fail(anna, 'push', 'api/dev', 'api/staging')).toMatch(
    /config\/import-unqualified: apps\/api\/esc\/dev\.yaml: the import "base" means default\/base/,
  );
  expect(await fail(anna, 'push', 'api/prod', 'api/staging')).toMatch(/apps\/api\/esc\/prod\.yaml:2:5/);
  expect(await fail(anna, 'push')).toContain('config/option-invalid');
  const insecure = await attempt(anna, ['push', '--all'], { PULUMI_BACKEND_URL: 'http://pulumi.example.test' });
  expect(insecure).toMatchObject({ code: 10, stderr: expect.stringContaining('config/service-insecure') as string });
  expect(await run(anna, 'status', 'api/base', 'api/staging')).toMatch(/only here[^]*only here/);
});

test.each([
  ['an answer is lost', { method: 'PATCH', path: /staging$/, fault: { kind: 'lost-answer' }, times: 1 }, true],
  ['an answer is cut off', { method: 'PATCH', path: /staging$/, fault: { kind: 'truncated' }, times: 1 }, true],
  ['the service fails', { method: 'PATCH', path: /staging$/, fault: { kind: 'status', status: 503 }, times: 1 }, false],
  ['nothing answers', { method: 'PATCH', path: /staging$/, fault: { kind: 'hanging' }, times: 1 }, false],
  ['an empty one was created', { method: 'PATCH', path: /base$/, fault: { kind: 'status', status: 500 } }, false],
  ['marks cannot be written', { path: /tags/, method: 'POST', fault: { kind: 'status', status: 403 } }, true],
] as const)('a push is repeated where %s', async (_what, rule, isDone) => {
  proxy.rules = [{ ...rule }];
  const first = await attempt(anna, ['push', '--all'], { NX_ESC_TIMEOUT: '2' });
  expect(first.code === 0).toBe(isDone);
  if (!isDone) expect(first.stderr).toMatch(/^(?:identity\/pulumi-cloud-unreachable|config\/push-failed)/);
  proxy.rules = [];
  // In the meantime there is another commit.
  anna.write({ [STAGING]: anna.read(STAGING).replace('replicas: 2', 'replicas: 7') });
  anna.commit('More of them');
  expect(await run(anna, 'push', '--all')).toMatch(/api\/staging +(?:updated|created) /);
  expect(await there('staging/decrypt')).toMatch(/replicas: 7/);
  expect(await there('base')).toContain('port: 8080');
  expect(await run(join('fresh'), 'status', '--exit-code')).toMatch(/in sync\n[^]*in sync\n$/);
});

test('a push that is killed at any moment is finished by the next one', async () => {
  for (const at of [/^POST .*acme$/, /^PATCH .*base$/, /^POST .*base\/tags$/, /^PATCH .*staging$/]) {
    const asked = proxy.asked.length;
    await killWhen(anna, ['push', '--all'], () => proxy.asked.slice(asked).some((each) => at.test(each)));
  }
  expect(await run(anna, 'push', '--all')).toMatch(/^api\/base[^]*api\/staging/);
  expect(await run(join('fresh'), 'status', '--exit-code')).toMatch(/in sync\n[^]*in sync\n$/);
  expect(await there('staging/decrypt')).toContain(SECRET);
});

test('of two that push and one that edits at the same time, no change gets lost', async () => {
  await run(anna, 'push', '--all');
  const ben = join('ben');
  anna.write({ [BASE]: anna.read(BASE).replace('8080', '1111') });
  ben.write({ [BASE]: ben.read(BASE).replace('8080', '2222') });
  anna.git('commit', '-qam', 'One');
  ben.git('commit', '-qam', 'Other');
  const path = '/api/esc/environments/acme/api/base';
  const edit = async (): Promise<number> => {
    const before = await service.fetch(path);
    const body = `${await before.text()}  edited: true\n`;
    return (await service.fetch(path, { method: 'PATCH', body, headers: { etag: before.headers.get('etag') ?? '' } }))
      .status;
  };
  const [one, other, edited] = await Promise.all([
    attempt(anna, ['push', 'api/base']),
    attempt(ben, ['push', 'api/base']),
    edit(),
  ]);
  const winners = [one.code === 0, other.code === 0, edited === 200].filter(Boolean);
  // An edit may come before or after a push; a push that comes after something of somebody else is refused.
  expect(winners.length).toBeGreaterThan(0);
  for (const { code, stderr } of [one, other])
    if (code !== 0) expect(stderr).toMatch(/^config\/remote-(?:ahead|changed)/);
  expect([one.code, other.code]).not.toEqual([0, 0]);
  const versions = (await (await service.fetch(`${path}/versions`)).json()) as unknown[];
  expect(versions).toHaveLength(2 + winners.length);
});

/** Ends a command by SIGKILL as soon as something has happened; it may have come to its end before. */
async function killWhen(clone: Clone, args: readonly string[], hasHappened: () => boolean): Promise<void> {
  await clone.run(args, {
    onStart: (child) => {
      const watching = setInterval(() => {
        if (hasHappened() || child.exitCode !== null) {
          child.kill('SIGKILL');
          clearInterval(watching);
        }
      }, 1);
    },
  });
}
