import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ShellWorkspace, type StartedCommand } from '../testing/shell-workspace';
import { SCRIPTS } from '../testing/test-workspace';

/** Generators that somebody runs on a terminal, and who answers what they ask. */
const DOWN = '\u001b[B';
const BACKSPACE = '\u007f';

jest.setTimeout(180_000);

const workspace = new ShellWorkspace({
  'nx.json': '{ "analytics": false }',
  'shop/project.json': '{ "name": "shop" }',
  'network/Pulumi.yaml': 'name: network\nruntime: nodejs\n',
  'network/package.json': '{ "name": "network" }',
  'network/index.js': "exports.subnet = 's'; exports.zone = 'z';\n",
});
afterEach(() => workspace.endCommands());
afterAll(() => workspace.remove());

/** Starts a generator on a terminal that is wide enough for its questions. */
function start(generator: string): StartedCommand {
  // The shell is whatever the machine has.
  const command = `stty cols 200 rows 50; ${process.execPath} ${SCRIPTS.nx} g nx-esc:${generator} --skipFormat`;
  const started = workspace.startCommand('script', ['-qefc', command, '/dev/null']);
  // Nx may take its time to start.
  const until = (text: string): Promise<string> => started.until(text).catch(() => started.until(text));
  return { ...started, until };
}

/** Waits for each question, and types its answer. */
async function answer(
  generator: string,
  dialog: readonly (readonly [question: string, typed: string])[],
): Promise<string> {
  const { child, until, ended } = start(generator);
  for (const [question, typed] of dialog) {
    await until(question);
    child.stdin?.write(typed);
  }
  expect(await ended).toBe(0);
  return until('');
}

test('init asks for the organization, where environments are evaluated, and makes a key', async () => {
  workspace.variables = { XDG_CONFIG_HOME: join(workspace.home, 'config') };
  const output = await answer('init --skipPackageJson', [
    ['Which organization', 'acme\r'],
    ['Where are environments evaluated?', `${DOWN}\r`],
    ['Under which name may you open the secrets', 'anna\r'],
  ]);
  const file = join(workspace.home, 'config/nx-esc/age.key');
  const [, publicKey = '', identity = ''] = /^# public key: (\S+)\n(\S+)\n$/.exec(readFileSync(file, 'utf8')) ?? [];
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(workspace.read('esc.recipients.yaml')).toContain(`anna: ${publicKey}`);
  expect(identity).toMatch(/^AGE-SECRET-KEY-1/);
  expect(output).not.toContain(identity);
  const { plugins } = JSON.parse(workspace.read('nx.json')) as { plugins: { plugin: string; options: object }[] };
  expect(plugins).toEqual([
    { plugin: 'nx-esc/plugin', options: expect.objectContaining({ organization: 'acme', backend: 'cloud' }) as object },
  ]);
});

test('environment asks for the project, stacks, their outputs, secrets and how they are read', async () => {
  workspace.write({ 'nx.json': '{ "plugins": ["nx-esc/plugin"], "analytics": false }' });
  const output = await answer('environment', [
    ['Which project are the environments for?', 'shop\r'],
    ['Which stacks do the deployed environments read?', `${DOWN} \r`],
    ['Which of their outputs become variables?', `${DOWN} \r`],
    ['Which secrets of AWS Secrets Manager', 'a/b\r'],
    ['write a key', `${BACKSPACE.repeat(3)}jwt database#url\r`],
    ['In which AWS region are they?', 'eu-west-1\r'],
    ['ARN of the IAM role', '\r'],
  ]);
  expect(output).toContain('network (subnet, zone)');
  expect(workspace.read('shop/esc/staging.yaml')).toContain(
    `  infra:
    fn::open::pulumi-stacks:
      stacks:
        network: { stack: network/staging }
  secrets:
    fn::open::aws-secrets:
      region: \${aws.region}
      get:
        jwt: { secretId: shop/{environment}/jwt }
`.replace('{environment}', 'staging'),
  );
  expect(workspace.read('shop/esc/staging.yaml')).toMatch(/SUBNET: \$\{infra.network.subnet\}\n {4}JWT: /);
  expect(workspace.read('shop/esc/base.yaml')).toContain('region: eu-west-1\n');
  expect(workspace.read('shop/esc/dev.yaml')).toContain('DATABASE_URL: local-database-url\n');
});

test('a question that is broken off leaves nothing behind', async () => {
  const before = workspace.read('shop/esc/staging.yaml');
  const { child, until, ended } = start('environment shop --environments=qa');
  await until('Which stacks');
  child.stdin?.write('\u0003');
  expect(await ended).not.toBe(0);
  expect(await until('')).toContain('the question was not answered');
  expect(workspace.read('shop/esc/staging.yaml')).toBe(before);
  expect(() => workspace.read('shop/esc/qa.yaml')).toThrow('ENOENT');
});
