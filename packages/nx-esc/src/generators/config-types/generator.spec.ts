import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addProjectConfiguration, readNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { configTypesGenerator } from './generator';

const FILE = 'apps/api/src/environment.ts';
const folder = mkdtempSync(join(tmpdir(), 'nx-esc-config-types-'));
let tree: Tree;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: {} });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (): string => tree.read(FILE, 'utf8') ?? '';
const generate = (options = {}): Promise<unknown> => configTypesGenerator(tree, { project: 'api', ...options });

/** Writes environments whose variables are given as lines of YAML. */
function environments(variables: Readonly<Record<string, string>>): void {
  for (const [name, lines] of Object.entries(variables)) {
    const indented = lines.replaceAll(/^(?=.)/gm, '    ');
    tree.write(`apps/api/esc/${name}.yaml`, `values:\n  environmentVariables:\n${indented}\n`);
  }
}

/** Runs an expression of JavaScript over the generated module `m`, with these variables alone. */
function evaluate(expression: string, env: Readonly<Record<string, string>>): string {
  const module = join(folder, 'environment.js');
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  writeFileSync(module, transpileModule(text(), { compilerOptions }).outputText);
  const script = `const m = require(${JSON.stringify(module)}); console.log(${expression})`;
  return execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' }).trim();
}

const ALL = 'NAME: text\nPORT: 8080\nDEBUG: true\nTOKEN:\n  fn::secret: s3cret';

test('reads numbers, booleans, texts and secrets', async () => {
  environments({ dev: ALL, prod: ALL });
  await generate();
  const env = { NAME: 'a b', PORT: '81', DEBUG: 'false', TOKEN: 'hunter2' };
  expect(JSON.parse(evaluate('JSON.stringify(m.readEnvironment())', env))).toEqual({
    NAME: 'a b',
    PORT: 81,
    DEBUG: false,
    TOKEN: '[secret]',
  });
  expect(evaluate('m.readEnvironment().TOKEN.reveal()', env)).toBe('hunter2');
});

test('a secret does not print', async () => {
  environments({ prod: ALL });
  await generate();
  const env = { NAME: '', PORT: '1', DEBUG: 'true', TOKEN: 'hunter2' };
  const printed = evaluate(
    '(({ TOKEN: t }) => [`${t}`, t + "", String(t), JSON.stringify({ t }), require("util").inspect({ t }, { showHidden: true, depth: 9 }), require("util").format("%s %o %j", t, t, t), Object.values(t), t.constructor.name])(m.readEnvironment())',
    env,
  );
  expect(printed).toContain('[secret]');
  expect(printed).not.toContain('hunter2');
});

test('names all that is missing or of another type at once, and no value', async () => {
  environments({ prod: ALL });
  await generate();
  const message = '(() => { try { m.readEnvironment() } catch (error) { return error.message } })()';
  expect(evaluate(message, { PORT: 'hunter2', DEBUG: 'hunter2' })).toBe(
    'The environment is not complete: DEBUG is neither true nor false, NAME is missing, PORT is not a number, TOKEN is missing.',
  );
  expect(evaluate(message, { NAME: '', PORT: '', DEBUG: '', TOKEN: '' })).toBe(
    'The environment is not complete: DEBUG is neither true nor false, PORT is not a number.',
  );
  expect(evaluate(message, {})).toContain('PORT is missing, TOKEN');
});

test('names of what every object has, and words of the language, are names like others', async () => {
  environments({ prod: '__proto__: a\nconstructor: b\ntoString: c\nclass: d\nawait: e' });
  await generate();
  const env = { constructor: 'b', toString: 'c', class: 'd', await: 'e' };
  const message = '(() => { try { m.readEnvironment() } catch (error) { return error.message } })()';
  expect(evaluate(message, env)).toBe('The environment is not complete: __proto__ is missing.');
  expect(
    evaluate('Object.keys(m.readEnvironment(new Map([["__proto__", ""]]) && JSON.parse(process.env.all)))', {
      all: JSON.stringify(env).replace('{', '{"__proto__":"a",'),
    }),
  ).toContain("'__proto__'");
});

test('a secret of Secrets Manager, and what is made of one, is a secret before it is opened', async () => {
  const secrets = `values:
  aws:
    fn::open::aws-login:
      oidc: { roleArn: 'arn:aws:iam::123456789012:role/reader', sessionName: api }
  secrets:
    fn::open::aws-secrets:
      region: eu-west-1
      login: \${aws}
      get:
        database: { secretId: api/database }
  parameters:
    fn::open::aws-parameter-store:
      region: eu-west-1
      login: \${aws}
      get:
        size: { name: /api/size }
  database: { fn::fromJSON: "\${secrets.database}" }
  environmentVariables:
    DATABASE: \${secrets.database}
    DATABASE_URL: \${database.url}
    GREETING: postgres://\${database.user}@host
    KEY: \${aws.secretAccessKey}
`;
  tree.write('apps/api/esc/prod.yaml', secrets);
  environments({ dev: 'DATABASE: a\nDATABASE_URL: b\nGREETING: c\nKEY: d' });
  await generate();
  for (const name of ['DATABASE', 'DATABASE_URL', 'GREETING', 'KEY'])
    expect(text()).toContain(`readonly ${name}: Secret;`);
});

test('an output that is not known takes its type from an environment that knows it', async () => {
  tree.write(
    'apps/api/esc/prod.yaml',
    'values:\n  infra:\n    fn::open::pulumi-stacks:\n      stacks: { infra: { stack: infra/prod } }\n  environmentVariables:\n    SIZE: ${infra.infra.size}\n    NAME: ${infra.infra.name}\n',
  );
  environments({ dev: 'SIZE: 3\nNAME: a' });
  await generate();
  expect(text()).toContain('readonly SIZE: number;');
  expect(text()).toContain('readonly NAME: string;');
});

test('a file is given as its path, whatever it holds', async () => {
  tree.write('apps/api/esc/prod.yaml', 'values:\n  files:\n    TLS_KEY:\n      fn::secret: pem\n');
  await generate();
  expect(text()).toContain('readonly TLS_KEY: string;');
});

test.each([
  ['is missing', { dev: 'A: x', prod: 'A: x\nB: y' }, 'B is missing in dev'],
  ['has two types', { dev: 'A: x', prod: 'A: 1' }, 'A is a string in dev, a number in prod'],
])('refuses environments in which a variable %s, and leaves the tree alone', async (_, variables, message) => {
  environments(variables);
  await expect(generate()).rejects.toThrow(message);
  expect(tree.exists(FILE)).toBe(false);
});

test('names all disagreements', async () => {
  environments({ dev: 'A: x\nC: 1', prod: 'B: y\nC: true' });
  await expect(generate()).rejects.toThrow(/A is missing in prod[^]*B is missing in dev[^]*C is a number in dev/);
});

test.each([
  ['no environments', {}, 'config/environment-not-found: api has no environments'],
  ['no variables', { prod: '' }, 'config/environment-empty: the environments of api have no variables'],
  ['a name that no process can have', { prod: "'*/ evil': x" }, 'config/variable-name-invalid: "*/ evil" of api/prod'],
  ['an error in an environment', { prod: 'A: ${nope}' }, 'apps/api/esc/prod.yaml:3:10: '],
])('refuses %s', async (_, variables, message) => {
  environments(variables);
  await expect(generate()).rejects.toThrow(message);
  expect(tree.exists(FILE)).toBe(false);
});

test('is not moved by a personal overlay', async () => {
  environments({ dev: 'A: x', 'dev.local': 'MINE: y' });
  await generate();
  expect(text()).not.toContain('MINE');
});

test('refuses to write over what somebody wrote', async () => {
  environments({ prod: 'A: x' });
  tree.write(FILE, 'export {};\n');
  await expect(generate()).rejects.toThrow('config/file-exists: apps/api/src/environment.ts: ');
  expect(text()).toBe('export {};\n');
});

test.each(['../environment.ts', '/etc/passwd.ts', 'src/a b.ts', 'src/environment.js', `${'x'.repeat(200)}.ts`])(
  'refuses the file %j',
  async (file) => {
    environments({ prod: 'A: x' });
    await expect(generate({ file })).rejects.toThrow('--file: ');
    expect(tree.exists(FILE)).toBe(false);
  },
);

test('has nx sync keep it in step, and records another place', async () => {
  environments({ prod: 'A: x' });
  await generate();
  expect(readNxJson(tree)?.sync).toEqual({ globalGenerators: ['nx-esc:sync'] });
  await generate({ file: 'src/config.ts' });
  expect(readNxJson(tree)?.sync).toEqual({
    globalGenerators: ['nx-esc:sync'],
    generatorOptions: { 'nx-esc:sync': { configTypes: { api: 'src/config.ts' } } },
  });
});

test('changes nothing when it is run again, however the file was formatted', async () => {
  environments({ prod: ALL });
  await generate();
  const formatted = text().replaceAll("'", '"').replaceAll('  ', '\t').replaceAll(';\n', '\n');
  tree.write(FILE, formatted);
  await generate();
  expect(text()).toBe(formatted);
});
