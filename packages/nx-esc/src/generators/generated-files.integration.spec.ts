import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { writeStandInProvider } from '../testing/stand-in-provider';
import { TestWorkspace } from '../testing/test-workspace';

/** Checkers that experts run, on what the generators write. */
const REPOSITORY = resolve(__dirname, '../../../..');
/** What the generator says that the program needs. */
const AWS_PROGRAM_PACKAGES = { '@pulumi/aws': '7.7.0', '@pulumi/pulumi': '3.246.0', typescript: '6.0.3' };
const GENERATORS = [
  ['init', '--organization=acme', '--skipPackageJson'],
  ['stack', 'infra', '--root=apps/infra', '--skipPackageJson'],
  ['stack', 'api', '--root=apps/api', '--stacks=staging,prod', '--skipPackageJson'],
  [
    ...['environment', 'api', '--stacks=infra', '--secrets=database#url', '--secrets=jwt', '--region=eu-west-1'],
    '--readerRole=arn:aws:iam::123456789012:role/api-esc-reader',
  ],
  ['stack-reference', 'api', '--stack=infra', '--to=program'],
  ['config-types', 'api'],
  ['config-types', 'api', '--file=src/strict.ts'],
  ['direnv', 'api'],
  ['direnv', 'api', '--variant=mise', '--lifetime=1h'],
  ['oidc', 'api', '--repository=acme/shop', '--account=123456789012', '--pulumiCloud', '--stateBucket=acme-state'],
  ['ci', 'gitlab'],
];
const DISTRIBUTIONS = ['none', 'nx-agents', 'matrix'];

jest.setTimeout(300_000);

const workspace = new TestWorkspace({ 'nx.json': '{}', '.prettierrc': '{ "singleQuote": true }' });
let checkers: string;

beforeAll(async () => {
  checkers = execFileSync(process.execPath, [join(REPOSITORY, 'tools/checkers/provision.mjs')], {
    encoding: 'utf8',
  }).trim();
  for (const generator of GENERATORS) {
    await generate(...generator);
    if (generator[0] === 'init') keepInCloud('prod');
  }
  for (const distribution of DISTRIBUTIONS) {
    await generate('ci', `--distribution=${distribution}`);
    for (const name of ['deploy', 'preview'])
      workspace.write({
        [`${distribution}/.github/workflows/${name}.yml`]: workspace.read(`.github/workflows/${name}.yml`),
      });
  }
  execFileSync('git', ['init', '-q', workspace.root]);
});
afterAll(() => workspace.remove());

/** Environments of that name are pushed by the pipelines. */
function keepInCloud(environment: string): void {
  const nxJson = JSON.parse(workspace.read('nx.json')) as { plugins: { options: Record<string, unknown> }[] };
  for (const { options } of nxJson.plugins) options.backends = { [environment]: 'cloud' };
  workspace.write({ 'nx.json': `${JSON.stringify(nxJson, null, 2)}\n` });
}

async function generate(generator = '', ...args: readonly string[]): Promise<void> {
  const { code, output } = await workspace.run('nx', ['g', `nx-esc:${generator}`, ...args, '--no-interactive']);
  if (code !== 0) throw new Error(output);
}

function check(command: string, args: readonly string[], input = '', cwd = workspace.root): string {
  const path = `${checkers}${delimiter}${process.env.PATH ?? ''}`;
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    input,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

const bin = (name: string): string => join(REPOSITORY, 'node_modules', '.bin', name);
const policies = ['api-esc-reader', 'api-staging-deploy', 'api-prod-deploy'].map(
  (role) => `apps/api/iam/${role}/policy.json`,
);

test('the pipelines push environments that are kept in Pulumi Cloud', () => {
  const files = ['.gitlab-ci.yml', ...DISTRIBUTIONS.map((name) => `${name}/.github/workflows/deploy.yml`)];
  for (const file of files) expect(workspace.read(file)).toContain('nx-esc push --affected --env=prod');
});

test.each(DISTRIBUTIONS)('actionlint finds nothing in the workflows (%s)', (distribution) => {
  const files = ['deploy', 'preview'].map((name) => `${distribution}/.github/workflows/${name}.yml`);
  expect(check('actionlint', ['-no-color', ...files])).toBe('');
});

test.each(DISTRIBUTIONS)('zizmor finds nothing in the workflows (%s)', (distribution) => {
  const args = ['--offline', '--no-progress', '--persona=pedantic', `${distribution}/.github/workflows`];
  expect(check('zizmor', args)).toBe('');
});

test('the pipeline of GitLab is as its schema wants it', () => {
  expect(check('gitlab-ci-local', ['--list'])).toBe('');
  workspace.write({
    'wrong/.gitlab-ci.yml': workspace.read('.gitlab-ci.yml').replace('  resource_group:', '  group:'),
  });
  expect(check('gitlab-ci-local', ['--list', '--file', 'wrong/.gitlab-ci.yml'])).toContain("'group' property is not");
});

test('shellcheck finds nothing in the script for the aws command', () => {
  expect(check('shellcheck', ['apps/api/iam/create-roles.sh'])).toBe('');
});

test.each(policies)('parliament finds nothing in %s', (file) => {
  expect(check('parliament', [], workspace.read(file))).toBe('');
});

test('shellcheck finds nothing in what direnv and mise run', () => {
  const files = ['apps/api/.envrc', 'apps/api/mise.nx-esc.sh', 'tools/nx-esc/load-environment.sh'];
  expect(check('shellcheck', files)).toBe('');
});

test('parliament does find what is wrong', () => {
  const wrong = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Gett', Resource: '*' }] };
  expect(check('parliament', [], JSON.stringify(wrong))).toContain('Unknown action');
});

test('Prettier would write all of it in the same way', () => {
  expect(check(bin('prettier'), ['--check', 'apps', 'nx.json', '.github', '.gitlab-ci.yml'])).toBe('');
});

test('ESLint finds nothing in the programs', () => {
  workspace.write({
    'eslint.config.mjs': `import tseslint from '${join(REPOSITORY, 'node_modules/typescript-eslint/dist/index.js')}';
export default tseslint.config(...tseslint.configs.strict);`,
  });
  expect(check(bin('eslint'), ['apps/**/*.ts'])).toBe('');
});

test('the compiler finds nothing in the programs', () => {
  expect(check(bin('tsc'), ['-p', 'apps/api/stack'])).toBe('');
  expect(check(bin('tsc'), ['-p', 'apps/infra/stack'])).toBe('');
});

test('the compiler finds nothing in the typed accessors, however strict it is', () => {
  const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--noUnusedLocals'];
  const options = ['--noEmit', '--noPropertyAccessFromIndexSignature', '--declaration'];
  const module = [
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--typeRoots',
    'node_modules/@types',
  ];
  const files = ['apps/api/src/environment.ts', 'apps/api/src/strict.ts'];
  expect(check(bin('tsc'), ['--ignoreConfig', ...strict, ...options, ...module, ...files])).toBe('');
});

test('the compiler finds nothing in the program that makes the roles', () => {
  symlinkSync(join(installedForAws(), 'node_modules'), join(workspace.root, 'apps/api/iam/node_modules'));
  expect(check(bin('tsc'), ['-p', 'apps/api/iam'])).toBe('');
});

test('pulumi would make the roles of the documents, and the issuers that they name', () => {
  const bin = join(workspace.root, '.cache', 'bin');
  writeStandInProvider(bin, 'aws');
  const cwd = join(workspace.root, 'apps/api/iam');
  const env = {
    ...workspace.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    NODE_PATH: join(cwd, 'node_modules'),
    STAND_IN_VERSION: AWS_PROGRAM_PACKAGES['@pulumi/aws'],
  };
  const pulumi = (...args: string[]): string =>
    execFileSync('pulumi', [...args, '--non-interactive'], { cwd, env, encoding: 'utf8' });
  pulumi('stack', 'init', 'roles');
  const { steps } = JSON.parse(pulumi('preview', '--json')) as {
    steps: { urn: string; newState: { type: string; inputs: Record<string, string> } }[];
  };
  const inputsOf = (type: string): [string, Record<string, string>][] =>
    steps
      .filter(({ newState }) => newState.type.startsWith(`aws:iam/${type}:`))
      .map(({ urn, newState }): [string, Record<string, string>] => [urn.split('::').at(-1) ?? '', newState.inputs])
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const read = (role: string, kind: string): string => workspace.read(`apps/api/iam/${role}/${kind}.json`);
  const roles = ['api-esc-reader', 'api-prod-deploy', 'api-staging-deploy'];
  expect(inputsOf('role').map(([name, { assumeRolePolicy }]) => [name, assumeRolePolicy])).toEqual(
    roles.map((role) => [role, read(role, 'trust')]),
  );
  expect(inputsOf('rolePolicy').map(([role, { policy }]) => [role, policy])).toEqual(
    roles.map((role) => [role, read(role, 'policy')]),
  );
  expect(inputsOf('openIdConnectProvider').map(([, { url, clientIdLists }]) => [url, clientIdLists])).toEqual([
    ['https://token.actions.githubusercontent.com', ['sts.amazonaws.com']],
    ['https://api.pulumi.com/oidc', ['aws:acme']],
  ]);
});

test('what is generated checks clean', async () => {
  const { code, output } = await workspace.run('nx-esc', ['check']);
  expect(output).not.toMatch(/warning/i);
  expect(code).toBe(0);
});

/** The packages of the program, kept in the user's cache. */
function installedForAws(): string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'nx-esc', 'pulumi-aws-7.7.0');
  const isThere = Object.keys(AWS_PROGRAM_PACKAGES).every((name) => existsSync(join(folder, 'node_modules', name)));
  if (isThere) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: AWS_PROGRAM_PACKAGES }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: folder });
  return folder;
}
