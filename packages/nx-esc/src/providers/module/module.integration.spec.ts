import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { type CommandResult, TestWorkspace } from '../../testing/test-workspace';

jest.setTimeout(60_000);

const MODULE = `
export const provider = {
  inputs: { type: 'object', properties: { login: { type: 'object' }, read: { type: 'object' } }, required: ['login', 'read'] },
  outputs: { type: 'object', additionalProperties: true },
  async open({ login, read }, { secret, fetchIdToken, rootEnvironment }) {
    if (read.app.path === 'missing') throw Object.assign(new Error('no such path'), { hint: 'write another', code: 'vault-path-missing' });
    const token = await fetchIdToken('vault');
    return { app: secret({ token: login.token, isToken: token.split('.').length === 3, for: rootEnvironment }) };
  },
};
`;
const environment = (path: string): string => `values:
  vault:
    fn::open::vault-secrets:
      login: { address: "https://vault.example", token: { fn::secret: vault-token } }
      read: { app: { path: ${path} } }
`;
const part = (data: object): string => Buffer.from(JSON.stringify(data)).toString('base64url');
const ID_TOKEN = `${part({ alg: 'RS256' })}.${part({ aud: 'vault', sub: 'project_path:acme/shop' })}.x`;

describe('a provider module', () => {
  const workspaces: TestWorkspace[] = [];
  afterAll(() => workspaces.forEach((workspace) => workspace.remove()));

  function run(files: Readonly<Record<string, string>>, module?: string, command = 'open'): Promise<CommandResult> {
    const options = {
      // The token of the test is in plain text.
      check: { rules: { 'plaintext-secret': 'off' } },
      ...(module !== undefined && { providers: { 'vault-secrets': module } }),
    };
    const workspace = new TestWorkspace({
      'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options }] }),
      'api/project.json': '{"name":"api"}',
      'api/esc/staging.yaml': environment('secret/data/app'),
      ...files,
    });
    workspaces.push(workspace);
    workspace.variables = { GITHUB_ACTIONS: undefined, GITLAB_CI: 'true', VAULT_ID_TOKEN: ID_TOKEN };
    return workspace.run('nx-esc', [command, 'api/staging']);
  }

  test('without one a provider of Pulumi Cloud is checked, and not opened', async () => {
    expect(await run({}, undefined, 'check')).toMatchObject({ code: 0 });
    const { code, output } = await run({});
    expect(code).toBe(10);
    expect(output).toMatch(/config\/provider-unavailable: api\/esc\/staging\.yaml:3:5: the provider vault-secrets/);
    expect(output).toMatch(/→ use the cloud backend, or name a module for it in nx\.json/);
    const typo = await run({ 'api/esc/staging.yaml': environment('1') }, undefined, 'check');
    expect(typo).toMatchObject({ code: 10 });
  });

  test.each(['tools/vault.mjs', 'tools/vault.ts'])('%s opens', async (file) => {
    const { code, output, stdout } = await run({ [file]: MODULE }, file);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout)).toEqual({
      vault: { app: { token: 'vault-token', isToken: true, for: 'api/staging' } },
    });
  });

  test.each([
    [
      'that throws',
      environment('missing'),
      'tools/vault.mjs',
      30,
      /secrets\/vault-path-missing: .*no such path[^]*→ write another/,
    ],
    [
      'that is missing',
      environment('x'),
      'tools/none.mjs',
      10,
      /config\/option-invalid: .*"tools\/none\.mjs" .*Cannot find module/,
    ],
    ['outside of the workspace', environment('x'), '../vault.mjs', 10, /outside of the workspace/],
    ['that is no provider', environment('x'), 'tools/empty.mjs', 10, /exports no provider/],
  ])('%s', async (_name, text, module, exit, message) => {
    const files = { 'api/esc/staging.yaml': text, 'tools/vault.mjs': MODULE, 'tools/empty.mjs': 'export const a = 1;' };
    const { code, output } = await run(files, module);
    expect({ code, output }).toEqual({ code: exit, output: expect.stringMatching(message) as string });
  });

  describe('the example of docs/providers.md', () => {
    let vault: Server;
    beforeAll(async () => {
      vault = createServer((request, response) => {
        const isLogin = request.url === '/v1/auth/jwt/login';
        const isRead = request.url === '/v1/secret/data/app' && request.headers['x-vault-token'] === 'hvs.1';
        if (isLogin) response.end('{"auth":{"client_token":"hvs.1"}}');
        else response.writeHead(isRead ? 200 : 403).end('{"data":{"key":"from-vault"}}');
      });
      await once(vault.listen(0, '127.0.0.1'), 'listening');
    });
    afterAll(() => vault.close());

    test('works', async () => {
      const documentation = readFileSync(resolve(__dirname, '../../../../../docs/providers.md'), 'utf8');
      const [, module = ''] = /```js\n([^]*?)```/.exec(documentation) ?? [];
      const address = `http://127.0.0.1:${(vault.address() as AddressInfo).port}`;
      const text = `values:
  vault:
    fn::open::vault-secrets: { address: "${address}", role: app, read: { app: { path: secret/data/app } } }
`;
      const { code, output, stdout } = await run(
        { 'api/esc/staging.yaml': text, 'tools/vault.mjs': module },
        'tools/vault.mjs',
      );
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(JSON.parse(stdout)).toEqual({ vault: { app: { key: 'from-vault' } } });
    });
  });
});
