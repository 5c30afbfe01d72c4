import { Failure } from '../failures/failure';
import type { Clone } from '../testing/clone';
import { BASE, SECRET, SharedWorkspace, STAGING } from '../testing/shared-workspace';
import { compareSides } from './compare-sides';

jest.setTimeout(60_000);

let template: Clone;
let shared: SharedWorkspace;
let anna: Clone;

beforeAll(async () => {
  template = await SharedWorkspace.createTemplate();
});
afterAll(() => {
  template.removeFiles();
  template.remove();
});
beforeEach(async () => {
  shared = await SharedWorkspace.start(template);
  ({ anna } = shared);
});
afterEach(async () => {
  expect(shared.printed).not.toContain(SECRET);
  expect(shared.service.faults).toEqual([]);
  await shared.close();
});

const run = (clone: Clone, ...args: string[]): Promise<string> => shared.run(clone, ...args);
const refuse = (clone: Clone, ...args: string[]): Promise<string> => shared.refuse(clone, ...args);

test('pushes what was committed, imports first, and knows from then on what both sides have', async () => {
  expect(await run(anna, 'status')).toBe(
    'api/base     only here  push creates it\napi/staging  only here  push creates it\n',
  );
  const dry = await run(anna, 'push', 'api/staging', '--dry-run');
  expect(dry).toMatch(/^api\/base +would be created\napi\/staging +would be created\n$/);
  expect(shared.proxy.asked.filter((asked) => !asked.startsWith('GET'))).toEqual(
    expect.arrayContaining([expect.stringMatching(/^POST .*\/yaml\/check/)]),
  );
  expect(shared.proxy.asked.filter((asked) => /^(?:PATCH|POST .*acme$)/.test(asked))).toEqual([]);

  expect(await run(anna, 'push', 'api/staging')).toBe(
    'api/base     created  revision 2\napi/staging  created  revision 2; 1 secret sent\n',
  );
  expect(await shared.there('staging')).toMatch(
    /^imports:\n {2}- api\/base\n\nvalues:\n[^]*# the database[^]*ciphertext: /,
  );
  expect(await shared.there('staging/decrypt')).toContain(SECRET);
  expect(await shared.there('staging')).not.toContain(anna.read(STAGING).match(/ciphertext: (\S+)/)?.[1]);
  expect(await run(anna, 'status', '--exit-code')).toMatch(/^api\/base +in sync\napi\/staging +in sync\n$/);

  // In CI, in a new clone, without a key: what was not changed stays encrypted.
  anna.write({ [STAGING]: anna.read(STAGING).replace('replicas: 2', 'replicas: 3') });
  expect(await refuse(anna, 'push', 'api/staging')).toContain('config/file-not-committed: apps/api/esc/staging.yaml');
  anna.commit('More of them');
  const ci = shared.join('ci');
  expect(await run(ci, 'status')).toMatch(/api\/staging +ahead/);
  const before = (await shared.there('staging')).match(/ciphertext: (\S+)/)?.[1];
  shared.proxy.asked.length = 0;
  expect(await run(ci, 'push', '--affected', '--base=HEAD~1', '--env=staging')).toMatch(
    /^api\/base +in sync +revision 2\napi\/staging +updated +revision 3\n$/,
  );
  expect(shared.proxy.asked.join()).not.toContain('decrypt');
  expect((await shared.there('staging')).match(/ciphertext: (\S+)/)?.[1]).toBe(before);
  expect(await shared.there('staging/decrypt')).toMatch(/replicas: 3/);
  expect(JSON.parse(await run(anna, 'status', '--format=json'))).toMatchObject([
    { environment: 'api/base', state: 'in-sync', revision: 2 },
    { environment: 'api/staging', state: 'in-sync', revision: 3, pushed: { revision: 3 } },
  ]);
  const audit = await run(ci, 'audit', '--format=json');
  expect(audit).toMatch(/"operation": ?"push"/);
});

test('a change that was made there is taken over, and nothing else of the file is touched', async () => {
  await run(anna, 'push', '--all');
  const ben = shared.join('ben');
  const file = ben.read(STAGING);
  await shared.pulumi('set', 'acme/api/staging', 'replicas', '5');
  await shared.pulumi('set', 'acme/api/staging', 'token', 'new-secret-there', '--secret');
  anna.write({ [STAGING]: anna.read(STAGING).replace('https://', 'http://') });
  anna.commit('Without encryption');

  expect(await run(ben, 'status')).toMatch(/api\/staging +behind +revision 4 by \S+, 20\S+, 2 revisions since/);
  expect(await refuse(ben, 'push', '--all')).toMatch(
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
  expect(shared.printed).not.toContain('new-secret-there');
  ben.git('add', '-A');
  ben.git('commit', '-q', '-m', 'Take over');
  ben.update();
  ben.git('push', '-q', 'origin', 'HEAD:main');

  // Both changes are in the file now, so it may go there.
  anna.update();
  expect((await run(anna, 'secret', 'get', 'api/staging', 'token')).trim()).toBe('new-secret-there');
  expect(await run(anna, 'push', '--all')).toMatch(/api\/staging +updated +revision 5\n$/);
  const now = await shared.there('staging/decrypt');
  for (const text of ['replicas: 5', 'http://$', 'new-secret-there', SECRET]) expect(now).toContain(text);
  expect(await run(ben, 'status', '--exit-code')).toMatch(/in sync\n[^]*in sync\n$/);
});

test('what both sides have changed is merged key by key, or refused', async () => {
  const names = ['api/base'];
  await shared.push(anna, names);
  await shared.pulumi('set', 'acme/api/base', 'port', '9090');
  anna.write({ [BASE]: anna.read(BASE).replace('example.test', 'example.org') });
  anna.commit('Another host');
  expect(await refuse(anna, 'push', 'api/base')).toContain('api/base was changed on both sides');
  expect(await run(anna, 'pull', 'api/base')).toMatch(/api\/base +merged/);
  expect(anna.read(BASE)).toBe('# what all have in common\nvalues:\n  host: example.org # public\n  port: 9090\n');
  anna.commit('Merge');
  expect(await shared.push(anna, names)).toMatchObject([{ action: 'update', outcome: 'done', revision: 4 }]);

  await shared.pulumi('set', 'acme/api/base', 'port', '1111');
  anna.write({ [BASE]: anna.read(BASE).replace('9090', '2222') });
  anna.commit('Another port');
  const file = anna.read(BASE);
  expect(await refuse(anna, 'pull', 'api/base')).toMatch(
    /^config\/merge-conflict: apps\/api\/esc\/base\.yaml: api\/base was changed on both sides, each in its own way: values\.port\n/,
  );
  expect(anna.read(BASE)).toBe(file);
  expect(await run(anna, 'push', 'api/base', '--force')).toMatch(/updated +revision 6/);
  await shared.pulumi('set', 'acme/api/base', 'port', '3333');
  anna.write({ [BASE]: anna.read(BASE).replace('2222', '4444') });
  expect(await shared.pull(anna, 'api/base', { force: true })).toBe('update');
  expect(anna.read(BASE)).toContain('port: 3333');
});

test('diff --remote compares values and lines, and shows no secret', async () => {
  await run(anna, 'push', '--all');
  expect(await run(anna, 'diff', 'api/staging', '--remote', '--exit-code')).toMatch(
    /^api\/staging \(revision 2\) → apps\/api\/esc\/staging\.yaml\nno difference, 5 equal\n$/,
  );
  await shared.pulumi('set', 'acme/api/base', 'host', 'there.test');
  await shared.pulumi('set', 'acme/api/staging', 'database.password', 'another-secret', '--secret');
  const { code, stdout } = await shared.attempt(anna, ['diff', 'api/staging', '--remote', '--exit-code']);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /~ database\.password +\[secret\] differs\n~ host +"there\.test" → "example\.test"\n~ url [^]*\n@@ [^]*-\s+fn::secret: '\[secret a\]'\n\+\s+fn::secret: '\[secret b\]'/,
  );
  const opened = JSON.parse(await run(anna, 'diff', 'api/staging', '--remote', '--open', '--format=json')) as object;
  expect(opened).toMatchObject({ differences: [{ key: 'database.password' }, { key: 'host' }, { key: 'url' }] });
  expect(shared.printed).not.toContain('another-secret');
  expect(await refuse(anna, 'diff', 'api/staging', 'api/base', '--remote')).toContain('config/option-invalid');
});

test('an old clone, one without history and a rollback overwrite nothing', async () => {
  const names = ['api/base'];
  const refused = (clone: Clone): Promise<void> =>
    expect(shared.push(clone, names)).rejects.toMatchObject({ code: 'remote-ahead' });
  const old = shared.join('old');
  anna.write({ [BASE]: anna.read(BASE).replace('8080', '8081') });
  anna.commit('Another port');
  await shared.push(anna, names);
  expect(await refuse(old, 'push', 'api/base')).toMatch(/pushed from commit [0-9a-f]{9}[^]*fetch and merge it/);
  old.update();
  expect(await shared.stateOf(old, 'api/base')).toBe('in-sync');

  anna.write({ [BASE]: anna.read(BASE).replace('8081', '8082') });
  anna.commit('And another');
  await refused(shared.join('shallow', { isShallow: true }));
  await shared.push(anna, names);
  await shared.pulumi('version', 'rollback', 'acme/api/base@2');
  expect(await shared.there('base')).toContain('8081');
  await refused(anna);
  expect(await shared.pull(anna, 'api/base')).toBe('update');
  anna.commit('Take over');
  expect(await shared.push(anna, names)).toMatchObject([{ action: 'none' }]);
  // To take back a change in git is a change like any other; an old clone does not push again what was taken back.
  const earlier = shared.join('earlier');
  anna.git('revert', '--no-edit', 'HEAD');
  expect(await shared.push(anna, names)).toMatchObject([{ action: 'update' }]);
  expect(await shared.there('base')).toContain('8082');
  await refused(earlier);
  anna.git('push', '-q', 'origin', 'HEAD:main');
  earlier.git('fetch', '-q');
  await refused(earlier);
});

test('what a branch has pushed is taken over when it is merged as one commit', async () => {
  const names = ['api/base'];
  await shared.push(anna, names);
  anna.git('switch', '-qc', 'branch');
  anna.write({ [BASE]: anna.read(BASE).replace('8080', '9090') });
  anna.git('commit', '-qam', 'Draft');
  await shared.push(anna, names);
  anna.git('switch', '-q', 'main');
  anna.git('merge', '-q', '--squash', 'branch');
  anna.commit('Squashed');
  const ci = shared.join('ci');
  expect(await shared.push(ci, names)).toMatchObject([{ action: 'none' }]);
  ci.write({ [BASE]: ci.read(BASE).replace('9090', '9091') });
  ci.commit('Another port');
  expect(await shared.push(shared.join('next'), names)).toMatchObject([{ action: 'update', outcome: 'done' }]);
});

test('a secret that was changed there is never taken for the one that was changed here', async () => {
  await shared.push(anna, ['api/staging']);
  await shared.pulumi('set', 'acme/api/staging', 'database.password', 'changed-there', '--secret');
  await shared.attempt(anna, ['secret', 'set', 'api/staging', 'database.password'], { input: 'changed-here' });
  anna.commit('Another password');
  const states = async (): Promise<string[]> => [
    (await compareSides(shared.contextOf(anna), 'api/staging')).state,
    await shared.stateOf(anna, 'api/staging'),
  ];
  expect(await states()).toEqual(['diverged', 'diverged']);
  await shared.pulumi('set', 'acme/api/staging', 'replicas', '5');
  expect(await states()).toEqual(['diverged', 'diverged']);
  await expect(shared.push(anna, ['api/staging'])).rejects.toMatchObject({ code: 'remote-ahead' });
  await expect(shared.pull(anna, 'api/staging')).rejects.toBeInstanceOf(Failure);
  expect(await shared.there('staging/decrypt')).toContain('changed-there');
});

test('what is only there becomes a file, with its secrets encrypted, and is never removed', async () => {
  await shared.push(anna, ['api/staging']);
  await shared.pulumi('init', 'acme/api/qa');
  await shared.pulumi('set', 'acme/api/qa', 'key', 'secret-of-qa', '--secret');
  await shared.pulumi('init', 'acme/other/qa');
  expect(await run(anna, 'status')).toMatch(/^api\/base +in sync\napi\/qa +only there +pull makes a file of it\n/);
  await run(anna, 'push', '--all');
  expect(await shared.pull(anna, 'api/qa')).toBe('create');
  expect(anna.filesWithSecret('secret-of-qa')).toBe('');
  expect((await run(anna, 'secret', 'get', 'api/qa', 'key')).trim()).toBe('secret-of-qa');
  const { state } = await compareSides(shared.contextOf(anna), 'api/qa');
  expect(state).toBe('in-sync');
  await expect(shared.pull(anna, 'other/qa')).rejects.toMatchObject({ code: 'environment-not-found' });
  await expect(shared.push(anna, ['api/nowhere'])).rejects.toMatchObject({ code: 'environment-not-found' });
});

test('nothing is written where something would be refused', async () => {
  anna.write({
    'apps/api/esc/dev.yaml': 'imports: [base]\nvalues: {}\n',
    'apps/api/esc/prod.yaml': 'imports:\n  - elsewhere/missing\nvalues:\n  a: ${nope}\n',
  });
  anna.commit('Broken ones');
  expect(await refuse(anna, 'push', 'api/dev', 'api/staging')).toMatch(
    /config\/import-unqualified: apps\/api\/esc\/dev\.yaml: the import "base" means default\/base/,
  );
  expect(await refuse(anna, 'push', 'api/prod', 'api/staging')).toMatch(/apps\/api\/esc\/prod\.yaml:2:5/);
  expect(await refuse(anna, 'push')).toContain('config/option-invalid');
  const insecure = await shared.attempt(anna, ['push', '--all'], {
    env: { PULUMI_BACKEND_URL: 'http://pulumi.example.test' },
  });
  expect(insecure).toMatchObject({ code: 10, stderr: expect.stringContaining('config/service-insecure') as string });
  expect(await run(anna, 'status', 'api/base', 'api/staging')).toMatch(/only here[^]*only here/);
});
