import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { captureProcess } from '../process/run-process';
import { findPulumi } from '../pulumi/find-pulumi';
import { openWorkspaceStore, startTestService, type TestService } from '../testing/test-service';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(240_000);

const REPOSITORY = resolve(__dirname, '../../../..');
const GOLDEN = resolve(__dirname, '../../formats');
const definition = (name: string): string => readFileSync(join(GOLDEN, 'api', `${name}.yaml`), 'utf8');
const workspace = new TestWorkspace({
  'api/project.json': '{"name":"api"}',
  'api/esc/awkward.yaml': definition('awkward'),
  'api/esc/unnameable.yaml': definition('unnameable'),
});
let service: TestService;
let path: string;
beforeAll(async () => {
  const checkers = execFileSync(process.execPath, [join(REPOSITORY, 'tools/checkers/provision.mjs')], {
    encoding: 'utf8',
  }).trim();
  path = [dirname(findPulumi(process.env)), checkers, process.env.PATH].join(delimiter);
  service = await startTestService({ store: openWorkspaceStore(workspace.root) });
  workspace.variables = {
    PULUMI_BACKEND_URL: service.url,
    PULUMI_ACCESS_TOKEN: service.token,
    PULUMI_HOME: join(workspace.root, '.cache/pulumi'),
    PATH: path,
    HOME: workspace.root,
    TMPDIR: workspace.root,
  };
});
afterAll(async () => {
  await service.close();
  workspace.remove();
});

/** Names of temporary files are new every time. */
const withoutPaths = (text: string): string =>
  text.replace(/^((?:export )?(?:CERT|KEY)=['"]).+(['"])$/gm, '$1<file>$2');

async function pulumi(...args: string[]): Promise<string> {
  const env = { ...workspace.env, PULUMI_SKIP_UPDATE_CHECK: 'true' };
  const { code, stdout } = await captureProcess({ command: 'pulumi', args, cwd: workspace.root, env });
  expect(code).toBe(0);
  return stdout;
}

async function nxEsc(...args: string[]): Promise<string> {
  const { code, stdout, output } = await workspace.run('nx-esc', args);
  expect({ code, output }).toMatchObject({ code: 0 });
  return stdout;
}

/** With UPDATE_TRANSCRIPTS=1 it is written anew: review what changed. */
function expectGolden(name: string, text: string): void {
  const file = join(GOLDEN, name);
  if (process.env.UPDATE_TRANSCRIPTS === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

interface Detailed {
  readonly value?: unknown;
  readonly secret?: true;
  readonly trace: {
    readonly def?: {
      readonly environment?: string;
      readonly begin: { readonly line: number; readonly column: number };
    };
  };
}

/** A line for each value: what it is, and where it was defined. */
function describeDetailed(path: string, { value, secret, trace: { def } }: Detailed): string[] {
  const children = typeof value === 'object' && value !== null ? Object.entries(value as Record<string, Detailed>) : [];
  const place = def?.environment === undefined ? '' : `  ${def.environment}:${def.begin.line}:${def.begin.column}`;
  const shown = children.length > 0 ? '' : `  ${JSON.stringify(value ?? null)}${secret === true ? ' secret' : ''}`;
  return [`${path}${shown}${place}`, ...children.flatMap(([key, child]) => describeDetailed(`${path}/${key}`, child))];
}

describe('one environment of awkward values, printed', () => {
  const BACKENDS = ['--backend=local', '--backend=cloud', '--backend=cli'];

  test.each(['json', 'yaml', 'string'])('as %s: the same by pulumi and every backend', async (format) => {
    const args = ['open', 'api/unnameable', '--format', format];
    expectGolden(`unnameable.golden.${format}`, await pulumi('env', ...args));
    for (const backend of BACKENDS) expectGolden(`unnameable.golden.${format}`, await nxEsc(...args, backend));
  });

  test('as detailed: the same values, secrets and places', async () => {
    const args = ['open', 'api/unnameable', '--format', 'detailed'];
    const described = (stdout: string): string => `${describeDetailed('', JSON.parse(stdout)).join('\n')}\n`;
    expectGolden('unnameable.golden.detailed', described(await pulumi('env', ...args)));
    for (const backend of BACKENDS)
      expectGolden('unnameable.golden.detailed', described(await nxEsc(...args, backend)));
  });

  test.each(['shell', 'dotenv'])('as %s: ours differs, on purpose', async (format) => {
    const theirs = await pulumi('env', 'open', 'api/unnameable', '--format', format);
    expectGolden(`unnameable.pulumi.golden.${format}`, withoutPaths(theirs));
    for (const backend of BACKENDS) {
      const ours = await nxEsc('open', 'api/awkward', '--format', format, backend);
      expectGolden(`awkward.golden.${format}`, withoutPaths(ours));
    }
    const refused = await workspace.run('nx-esc', ['open', 'api/unnameable', '--format', format]);
    expect(refused).toMatchObject({ code: 10, stdout: '', output: expect.stringContaining('"1X"') as string });
  });

  test('a number of any size comes through from a service as it is', async () => {
    const opened = service.fetch.bind(service);
    await opened('/api/esc/environments/acme', { method: 'POST', body: '{"project":"api","name":"big"}' });
    const body = 'values: { n: { "fn::fromJSON": "123456789012345680000" } }\n';
    await opened('/api/esc/environments/acme/api/big', { method: 'PATCH', body });
    const [theirs, ours] = await Promise.all([
      pulumi('env', 'open', 'api/big', 'n'),
      nxEsc('open', 'api/big', 'n', '--backend=cloud'),
    ]);
    expect(ours).toBe(theirs);
  });
});

/** What programs are to get: every value as a text, but for those of mappings, lists and files. */
const expectedVariables = async (): Promise<Record<string, string>> => {
  const values = JSON.parse(await nxEsc('open', 'api/awkward', 'environmentVariables')) as Record<string, unknown>;
  const scalars = Object.entries(values).filter(([, value]) => typeof value !== 'object' || value === null);
  return Object.fromEntries(scalars.map(([name, value]) => [name, value === null ? '' : String(value)]));
};

describe('what a shell gets is every value, and none is run', () => {
  const PRINT = join(workspace.root, 'print.cjs');
  const CLI = `'${process.execPath}' '${join(REPOSITORY, 'packages/nx-esc/dist/cli/start.js')}' open api/awkward -f`;
  const CHILD = `'${process.execPath}' '${PRINT}'`;
  beforeAll(() =>
    workspace.write({
      'print.cjs': `const { readFileSync } = require('node:fs');
process.stdout.write(JSON.stringify({ variables: process.env, cert: readFileSync(process.env.CERT, 'utf8'), key: readFileSync(process.env.KEY, 'utf8') }));`,
    }),
  );

  // As docs/shell.md has them. PowerShell is in no registry of ours: it is tested where it is installed.
  const SHELLS: readonly (readonly [string, readonly string[]])[] = [
    ['sh', ['-c', `eval "$(${CLI} shell)"; ${CHILD}`]],
    ['bash', ['--norc', '-c', `eval "$(${CLI} shell)"; ${CHILD}`]],
    ['zsh', ['-f', '-c', `eval "$(${CLI} shell)"; ${CHILD}`]],
    ['fish', ['--no-config', '-c', `${CLI} fish | source; ${CHILD}`]],
    ['nu', ['-n', '-c', `^${CLI} nushell | from nuon | load-env; ^${CHILD}`]],
    ['pwsh', ['-NoProfile', '-Command', `& ${CLI} powershell | Out-String | Invoke-Expression; & ${CHILD}`]],
  ];
  const isOptional = (shell: string): boolean =>
    shell === 'pwsh' && spawnSync(shell, ['--version']).error !== undefined;

  for (const [shell, args] of SHELLS) {
    (isOptional(shell) ? test.skip : test)(shell, async () => {
      const { status, stdout, stderr } = spawnSync(shell, args, {
        cwd: workspace.root,
        env: workspace.env,
        encoding: 'utf8',
      });
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const { variables, cert, key } = JSON.parse(stdout) as Record<string, Record<string, string>>;
      const expected = await expectedVariables();
      expect(Object.keys(expected).length).toBeGreaterThan(20);
      expect(variables).toMatchObject(expected);
      expect({ cert, key }).toEqual({ cert: '-----BEGIN-----\nabc\n', key: 'key"data' });
    });
  }
});

describe('a dotenv file is read back exactly by', () => {
  const ofNx = createRequire(require.resolve('nx/package.json'))('dotenv') as {
    parse(text: string): Record<string, string>;
  };
  const byCommand =
    (command: string, ...args: string[]) =>
    (text: string): Record<string, string> => {
      const { stdout, stderr } = spawnSync(command, args, { input: text, env: workspace.env, encoding: 'utf8' });
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as Record<string, string>;
    };
  const PYTHON = `import sys, json, dotenv
print(json.dumps(dotenv.dotenv_values(stream=sys.stdin, interpolate=False)))`;

  test.each<[string, (text: string) => Record<string, string | undefined>, readonly string[]]>([
    ['dotenv', (text) => ofNx.parse(text), []],
    // It takes \r for two characters.
    ['node --env-file', (text) => parseEnv(text), ['CR']],
    [
      'python-dotenv without interpolation',
      (text) => byCommand(join(checkersOf(path), 'python3'), '-c', PYTHON)(text),
      [],
    ],
    ['Docker Compose', (text) => byCommand('compose-dotenv')(text), []],
  ])('%s', async (_name, parse, exceptions) => {
    const { CERT, KEY, ...variables } = parse(await nxEsc('open', 'api/awkward', '--format', 'dotenv'));
    const expected = await expectedVariables();
    const differing = Object.keys(expected).filter((name) => variables[name] !== expected[name]);
    expect(differing).toEqual(exceptions);
    expect(Object.keys(variables).sort()).toEqual(Object.keys(expected).sort());
    expect(readFileSync(CERT as string, 'utf8')).toBe('-----BEGIN-----\nabc\n');
    expect(readFileSync(KEY as string, 'utf8')).toBe('key"data');
  });
});

/** The folder of the checkers on the PATH, whose python has what they need. */
function checkersOf(searchPath: string): string {
  return searchPath.split(delimiter)[1] as string;
}
