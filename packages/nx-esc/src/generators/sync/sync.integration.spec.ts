import { CONFIG_TYPES_MARK } from '../../authoring/config-types-text';
import { TestWorkspace } from '../../testing/test-workspace';

jest.setTimeout(120_000);

const ENVRC = `use flake
# nx-esc:watch api/dev
# nx-esc:end
export MORE=1
`;
const WORKFLOW = `on:
  push:
    paths:
      - .github/**
      # nx-esc:watch api/prod
      - 'gone.yaml'
      # nx-esc:end
`;

const workspace = new TestWorkspace({
  'nx.json': JSON.stringify({
    plugins: ['nx-esc/plugin'],
    analytics: false,
    sync: {
      globalGenerators: ['nx-esc:sync'],
      generatorOptions: { 'nx-esc:sync': { configTypes: { web: 'src/config.ts' } } },
    },
  }),
  'api/package.json': '{"name":"api","nx":{"targets":{"go":{"command":"true"}}}}',
  'api/Pulumi.yaml': 'name: api\nruntime: nodejs\nmain: index.ts\n',
  'api/index.ts': "import '../parts/a';\n",
  'parts/a.ts': '',
  'api/Pulumi.prod.yaml': 'environment: [api/prod]\n',
  'api/esc/base.yaml': 'imports: [shared/tls]\n',
  'api/esc/dev.yaml': 'imports: [api/base]\n',
  'api/esc/prod.yaml': 'imports: [api/base]\n',
  'shared/esc/tls.yaml': 'values: {}\n',
  'shop/package.json': '{"name":"@acme/shop"}',
  'shop/esc/dev.yaml': 'values: { environmentVariables: { PORT: 1 } }\n',
  'shop/src/environment.ts': `${CONFIG_TYPES_MARK}\n`,
  'web/package.json': '{"name":"web"}',
  'web/esc/dev.yaml': 'values: { environmentVariables: { DEBUG: true } }\n',
  'web/src/config.ts': `${CONFIG_TYPES_MARK}\n`,
  'web/src/environment.ts': '// Somebody wrote this.\n',
  'api/.envrc': ENVRC,
  '.github/workflows/deploy.yml': WORKFLOW,
});
afterAll(() => workspace.remove());

test('nx sync:check tells what is out of date, nx sync writes it, and then nothing is', async () => {
  const check = await workspace.run('nx', ['sync:check']);
  expect(check.code).toBe(1);
  expect(check.output).toContain('Files that are made from environments and stacks are out of date.');
  expect(check.output).toContain('shop/src/environment.ts: the variables are not what the environments of @acme/shop');
  expect(check.output).toContain('web/src/config.ts: the variables are not what the environments of web define now');
  expect(workspace.read('api/.envrc')).toBe(ENVRC);

  expect(await workspace.run('nx', ['sync'])).toMatchObject({ code: 0 });
  expect(workspace.read('api/.envrc')).toBe(
    ENVRC.replace(
      'api/dev\n',
      'api/dev\nwatch_file esc/base.yaml\nwatch_file esc/dev.yaml\nwatch_file ../shared/esc/tls.yaml\n',
    ),
  );
  expect(workspace.read('.github/workflows/deploy.yml')).toBe(
    WORKFLOW.replace(
      "      - 'gone.yaml'\n",
      [
        'api/Pulumi.prod.yaml',
        'api/Pulumi.yaml',
        'api/esc/base.yaml',
        'api/esc/prod.yaml',
        'api/index.ts',
        'parts/a.ts',
        'shared/esc/tls.yaml',
      ]
        .map((file) => `      - '${file}'\n`)
        .join(''),
    ),
  );
  expect(workspace.read('shop/src/environment.ts')).toContain('readonly PORT: number;');
  expect(workspace.read('web/src/config.ts')).toContain('readonly DEBUG: boolean;');
  expect(workspace.read('web/src/environment.ts')).toBe('// Somebody wrote this.\n');
  expect(await workspace.run('nx', ['sync:check'])).toMatchObject({ code: 0 });
});

test('environments that have come to disagree are told by name', async () => {
  workspace.write({ 'web/esc/qa.yaml': 'values: { environmentVariables: { DEBUG: high } }\n' });
  const { code, output } = await workspace.run('nx', ['sync:check']);
  expect(code).toBe(1);
  expect(output).toContain('config/environments-disagree');
  expect(output).toContain('DEBUG is a boolean in dev, a string in qa');
  workspace.write({ 'web/esc/qa.yaml': 'values: { environmentVariables: { DEBUG: false } }\n' });
});

test('an import that comes in makes the list out of date, and a name that goes is told with its place', async () => {
  workspace.write({ 'api/esc/dev.yaml': 'imports: [api/base, api/more]\n', 'api/esc/more.yaml': '' });
  expect(await workspace.run('nx', ['sync:check'])).toMatchObject({ code: 1 });
  workspace.write({ 'api/.envrc': ENVRC.replace('api/dev', 'api/nope') });
  const { code, output } = await workspace.run('nx', ['sync:check']);
  expect(code).toBe(1);
  expect(output).toContain('api/.envrc:2:1: there is no environment or stack "api/nope" to watch');
});
