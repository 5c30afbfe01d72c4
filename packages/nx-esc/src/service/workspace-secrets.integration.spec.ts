import { KeyringKeeper } from './secrets/keyring-keeper';
import { Identities } from '../encryption/identities';
import { Person } from '../testing/person';
import { openWorkspaceStore, type TestService, useTestServices } from '../testing/test-service';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(60_000);

const FILE = 'api/esc/dev.yaml';
const PATH = '/api/esc/environments/acme/api/dev';
const start = useTestServices(afterEach);
let workspace: TestWorkspace;
let anna: Person;
beforeEach(() => {
  workspace = new TestWorkspace({ 'api/project.json': '{"name":"api"}', [FILE]: 'values: {}\n' });
  anna = new Person(workspace.root);
});
afterEach(() => {
  anna.remove();
  workspace.remove();
});

async function addRecipient(name: string): Promise<void> {
  for (const args of [
    ['keys', 'new'],
    ['recipient', 'add', name],
  ])
    expect(await anna.run(args)).toMatchObject({ code: 0 });
}

/** Serves as anna, unless said, whose key is in her home. */
const serve = (env: Readonly<Record<string, string>> = { HOME: anna.home }): Promise<TestService> =>
  start({
    store: openWorkspaceStore(workspace.root),
    keeper: new KeyringKeeper({ workspaceRoot: workspace.root, identities: new Identities(env) }),
  });

test('secrets of clients are encrypted for the recipients, opened, and kept where they are the same', async () => {
  await addRecipient('anna');
  const service = await serve();
  const text = '# of the app\nvalues:\n  one: {fn::secret: correct-horse}\n  two:\n    fn::secret: battery-staple\n';
  expect((await service.fetch(PATH, { method: 'PATCH', body: text })).status).toBe(200);
  const written = workspace.read(FILE);
  expect(written).toMatch(/^# of the app\nvalues:\n[^]*ciphertext: /);
  for (const secret of ['correct-horse', 'battery-staple']) expect(workspace.filesWith(secret)).toEqual([]);
  expect((await anna.run(['secret', 'get', 'api/dev', 'one'])).stdout.trim()).toBe('correct-horse');

  const opened = (await (await service.fetch(`${PATH}/open`, { method: 'POST' })).json()) as { id: string };
  expect(await (await service.fetch(`${PATH}/open/${opened.id}`)).json()).toMatchObject({
    properties: { one: { value: 'correct-horse', secret: true } },
  });

  // What an editor sends that has shown the secrets: one of them is another.
  const decrypted = await (await service.fetch(`${PATH}/decrypt`)).text();
  expect(decrypted).toContain('battery-staple');
  const edited = decrypted.replace('battery-staple', 'another-one');
  expect((await service.fetch(PATH, { method: 'PATCH', body: edited })).status).toBe(200);
  const lines = (file: string): readonly string[] => file.split('\n');
  expect(lines(workspace.read(FILE)).filter((line) => !lines(written).includes(line))).toHaveLength(1);
  expect((await anna.run(['secret', 'get', 'api/dev', 'two'])).stdout.trim()).toBe('another-one');
});

test('who has no key adds secrets, and reads none', async () => {
  await addRecipient('anna');
  const service = await serve({ NX_ESC_AGE_KEY_FILE: '/nowhere' });
  const text = 'values: {pw: {fn::secret: correct-horse}}\n';
  expect((await service.fetch(PATH, { method: 'PATCH', body: text })).status).toBe(200);
  const opened = await service.fetch(`${PATH}/open`, { method: 'POST' });
  expect(opened.status).toBe(400);
  expect(await opened.text()).not.toContain('correct-horse');
  expect((await anna.run(['secret', 'get', 'api/dev', 'pw'])).stdout.trim()).toBe('correct-horse');
});

test('a secret is refused with what to do where there are no recipients, and a list of them counts at once', async () => {
  const service = await serve();
  const body = 'values: {pw: {fn::secret: correct-horse}}\n';
  const refused = await service.fetch(PATH, { method: 'PATCH', body });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ message: expect.stringMatching(/nx-esc recipient add/) as unknown });
  expect(workspace.read(FILE)).toBe('values: {}\n');
  expect((await service.fetch(`${PATH}/rotate`, { method: 'POST', body: '{}' })).status).toBe(400);
  await addRecipient('anna');
  expect((await service.fetch(PATH, { method: 'PATCH', body })).status).toBe(200);
});
