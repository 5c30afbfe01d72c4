import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { entriesOf, type EvaluationHost, openEnvironment, plainData, type Provider, secret, writeJson } from 'esc-eval';
import { load } from 'js-yaml';
import { DiskFacts } from '../workspace/facts/disk-facts';
import { type AffectedStack, findAffectedStacks } from './find-affected';
import { ProgramFiles } from './program-files';
import { indexRevision, RevisionFiles } from './revision';

type Files = Record<string, string>;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-affected-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const ANY = { always: true } as const;

function write(files: Files): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

/** The stacks affected by going from some files to others; a missing file of the second is one that was removed. */
async function affectedBy(before: Files, after: Files, includesDownstream = false): Promise<AffectedStack[]> {
  write(before);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((file) => before[file] !== after[file]);
  const differing = new Map(changed.map((file) => [file, file in after ? Buffer.from(after[file] as string) : null]));
  const disk = new DiskFacts(root);
  const onDisk = Object.keys(before);
  return findAffectedStacks({
    base: indexRevision(new RevisionFiles(root, disk, new Map()), onDisk),
    head: indexRevision(new RevisionFiles(root, disk, differing), onDisk),
    changed,
    programFilesOf: () => [],
    includesDownstream,
    signal: new AbortController().signal,
  });
}

const stacksOf = (affected: readonly AffectedStack[]): string[] => affected.map(({ stack }) => stack);

const TEAM: Files = {
  'shared/esc/base.yaml': 'values:\n  domain: example.com\n  port: 80\n  unused: 1\n',
  'api/Pulumi.yaml': 'name: api\nruntime: yaml\n',
  'api/Pulumi.staging.yaml': 'environment:\n  - api/staging\nconfig:\n  api:size: small\n',
  'api/Pulumi.prod.yaml': 'environment:\n  - api/prod\n',
  'api/esc/staging.yaml':
    'imports: [shared/base]\nvalues:\n  infra:\n    fn::open::pulumi-stacks:\n      stacks:\n        infra: { stack: infra/staging }\n  environmentVariables:\n    URL: https://staging.${domain}\n    VPC: ${infra.infra.vpc}\n',
  'api/esc/prod.yaml':
    'imports: [shared/base]\nvalues:\n  secrets:\n    fn::open::aws-secrets:\n      region: eu-west-1\n      get:\n        db: { secretId: prod/db }\n  environmentVariables:\n    PORT: "${port}"\n    DB: ${secrets.db}\n',
  'infra/Pulumi.yaml': 'name: infra\nruntime: yaml\n',
  'infra/Pulumi.staging.yaml': 'config:\n  infra:zone: a\n',
};

const change = (file: string, from: string, to: string): Files => ({
  ...TEAM,
  [file]: (TEAM[file] as string).replace(from, to),
});

describe('a change', () => {
  test.each([
    ['of a comment', change('shared/esc/base.yaml', 'values:', '# why\nvalues:'), []],
    ['of a key that nothing uses', change('shared/esc/base.yaml', 'unused: 1', 'unused: 2'), []],
    ['of a value that one stack uses', change('shared/esc/base.yaml', 'example.com', 'example.org'), ['api/staging']],
    ['of a value that the other uses', change('shared/esc/base.yaml', 'port: 80', 'port: 81'), ['api/prod']],
    ['of the environment of production', change('api/esc/prod.yaml', 'prod/db', 'prod/database'), ['api/prod']],
    [
      'of one output for another',
      change('api/esc/staging.yaml', 'infra.infra.vpc', 'infra.infra.net'),
      ['api/staging'],
    ],
    ['of the stack that is read', change('api/esc/staging.yaml', 'infra/staging', 'infra/shared'), ['api/staging']],
    ['of another secret beside', change('api/esc/prod.yaml', 'db: {', 'jwt: { secretId: jwt }\n        db: {'), []],
    ['of the configuration of a stack', change('api/Pulumi.staging.yaml', 'small', 'large'), ['api/staging']],
    ['of the way a value is written', change('api/esc/prod.yaml', '"${port}"', '${port}'), []],
  ])('%s', async (_name, after, expected) => {
    expect(stacksOf(await affectedBy(TEAM, after))).toEqual(expected);
  });

  test('tells the key, the place and the way', async () => {
    const [found] = await affectedBy(TEAM, change('shared/esc/base.yaml', 'example.com', 'example.org'));
    expect(found?.reasons).toEqual([
      {
        kind: 'value',
        key: 'environmentVariables.URL',
        change: 'changed',
        causes: [
          { key: 'domain', file: 'shared/esc/base.yaml', line: 2, column: 11, via: ['api/staging', 'shared/base'] },
        ],
      },
    ]);
  });

  test('that moves a value to another environment is none', async () => {
    const after = {
      ...TEAM,
      'shared/esc/base.yaml': (TEAM['shared/esc/base.yaml'] as string).replace('  domain: example.com\n', ''),
      'api/esc/staging.yaml': (TEAM['api/esc/staging.yaml'] as string).replace(
        'values:\n',
        'values:\n  domain: example.com\n',
      ),
    };
    expect(stacksOf(await affectedBy(TEAM, after))).toEqual([]);
  });

  test('that adds a stack affects it', async () => {
    const found = await affectedBy(TEAM, { ...TEAM, 'infra/Pulumi.prod.yaml': '' });
    expect(found).toEqual([{ project: 'infra', stack: 'infra/prod', environment: 'prod', reasons: [{ kind: 'new' }] }]);
  });

  test('reaches what reads the outputs of an affected stack, if asked', async () => {
    const after = change('infra/Pulumi.staging.yaml', 'zone: a', 'zone: b');
    expect(stacksOf(await affectedBy(TEAM, after))).toEqual(['infra/staging']);
    const downstream = await affectedBy(TEAM, after, true);
    expect(stacksOf(downstream)).toEqual(['api/staging', 'infra/staging']);
    expect(downstream[0]?.reasons).toEqual([{ kind: 'upstream', stack: 'infra/staging' }]);
  });

  test('that breaks an environment affects its stack, one that leaves it broken does not', async () => {
    const broken = change('api/esc/prod.yaml', '"${port}"', '${nowhere}');
    expect(stacksOf(await affectedBy(TEAM, broken))).toEqual(['api/prod']);
    const still = { ...broken, 'api/esc/prod.yaml': `${broken['api/esc/prod.yaml'] as string}# text\n` };
    expect(stacksOf(await affectedBy(broken, still))).toEqual([]);
  });
});

/** Opens what a stack receives with providers that answer the same for the same: the long way to compare. */
async function receivedBy(files: Files, project: string, stack: string): Promise<string> {
  const answer = (name: string, request: unknown): unknown => secret(`${name} ${JSON.stringify(request)}`);
  const recorded = (name: string): Provider => ({
    inputs: ANY,
    outputs: ANY,
    open: (inputs) => {
      const { stacks, get, ...others } = plainOf(inputs);
      if (stacks !== undefined) {
        return Object.fromEntries(
          Object.entries(stacks).map(([key, { stack: of }]) => [
            key,
            Object.fromEntries(['vpc', 'url', 'zone'].map((output) => [output, answer(of as string, output)])),
          ]),
        );
      }
      return Object.fromEntries(Object.entries(get ?? {}).map(([key, each]) => [key, answer(name, [others, each])]));
    },
  });
  const host: EvaluationHost = {
    loadEnvironment: (name) => {
      const [owner, environment] = name.split('/');
      const source = files[`${owner}/esc/${environment}.yaml`];
      if (source === undefined) throw new Error(`no ${name}`);
      return { source };
    },
    loadProvider: recorded,
    loadRotator: () => {
      throw new Error('no rotators');
    },
  };
  const stackFile = load(files[`${project}/Pulumi.${stack}.yaml`] ?? '') as { config?: unknown } | undefined;
  const { environment, diagnostics } = await openEnvironment({
    name: `${project}/${stack}`,
    source: files[`${project}/esc/${stack}.yaml`] ?? '',
    host,
  });
  const errors = diagnostics.map(({ summary }) => summary).sort();
  const sections = ['environmentVariables', 'files', 'pulumiConfig'].map((section) => {
    const value = environment === null ? undefined : entriesOf(environment.root).get(section);
    return value === undefined ? '' : writeJson(plainData(value, { reveal: true }));
  });
  return JSON.stringify([stackFile?.config, sections, errors]);
}

function plainOf(inputs: Parameters<Provider['open']>[0]): Record<string, Record<string, Record<string, unknown>>> {
  return JSON.parse(writeJson(plainData(inputs, { reveal: true }))) as never;
}

describe('random edits', () => {
  let seed = 20;
  const random = (limit: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return (seed >> 8) % limit;
  };
  const STACKS = ['dev', 'staging', 'prod'];
  const COUNT = 6;

  function randomWorkspace(): Files {
    const files: Files = {};
    for (let index = 0; index < COUNT; index += 1) {
      const project = `p${index}`;
      const upstream = `p${(index + COUNT - 1) % COUNT}`;
      files[`${project}/Pulumi.yaml`] = `name: ${project}\nruntime: yaml\n`;
      files[`${project}/esc/base.yaml`] =
        `values:\n  name: ${project}\n  port: ${index}\n  limits: { cpu: 1, memory: 2 }\n  domain: example.com\n`;
      for (const stack of STACKS) {
        files[`${project}/Pulumi.${stack}.yaml`] =
          `environment: [${project}/${stack}]\nconfig:\n  ${project}:size: small\n`;
        files[`${project}/esc/${stack}.yaml`] = [
          `imports:\n  - ${upstream}/base\n  - ${project}/base\nvalues:`,
          `  infra:\n    fn::open::pulumi-stacks:\n      stacks:\n        up: { stack: ${upstream}/${stack} }`,
          `  secrets:\n    fn::open::aws-secrets:\n      region: eu-west-1\n      get:\n        db: { secretId: ${project}/db }`,
          `  url: https://${stack}.\${domain}:\${port}/\${name}`,
          '  environmentVariables:\n    URL: ${url}\n    UP: ${infra.up.url}\n    DB: "db ${secrets.db}"',
          '    LIMITS: { fn::toJSON: "${limits}" }',
          `  pulumiConfig:\n    ${project}:domain: \${domain}\n    ${project}:vpc: \${infra.up.vpc}\n`,
        ].join('\n');
      }
    }
    return files;
  }

  const EDITS: readonly (readonly [string | RegExp, () => string])[] = [
    [/$/, () => `# comment ${random(9)}\n`],
    ['values:', () => `values:\n  more${random(99)}: ${random(9)}`],
    [/port: \d+/, () => `port: ${random(9)}`],
    ['example.com', () => 'example.org'],
    ['cpu: 1', () => `cpu: ${1 + random(2)}`],
    ['eu-west-1', () => 'eu-west-2'],
    [/secretId: \S+/, () => `secretId: other/${random(3)}`],
    ['      get:', () => '      get:\n        more: { secretId: more }'],
    [/up: \{ stack: \S+ \}/, () => `up: { stack: p${random(COUNT)}/${STACKS[random(3)] as string} }`],
    ['infra.up.vpc', () => 'infra.up.zone'],
    ['size: small', () => 'size: large'],
    [/ {2}- (p\d\/base)\n {2}- (p\d\/base)/, () => '  - $2\n  - $1'],
    ['    URL: ${url}\n', () => ''],
    ['  environmentVariables:', () => '  environmentVariables:\n    MORE: "${name}"'],
    ['${url}', () => '${missing}'],
  ];

  const contains = (text: string, what: string | RegExp): boolean =>
    typeof what === 'string' ? text.includes(what) : what.test(text);

  test('affect the same stacks as a comparison of all opened environments finds', async () => {
    let found = 0;
    for (let round = 0; round < 40; round += 1) {
      const before = randomWorkspace();
      const after = { ...before };
      for (let edits = 1 + random(3); edits > 0; edits -= 1) {
        const [from, to] = EDITS[random(EDITS.length)] as (typeof EDITS)[number];
        const files = Object.keys(after).filter((each) => contains(after[each] as string, from));
        const file = files[random(files.length)];
        if (file !== undefined) after[file] = (after[file] as string).replace(from, to());
      }
      const expected: string[] = [];
      for (let index = 0; index < COUNT; index += 1) {
        for (const stack of STACKS) {
          const [older, newer] = await Promise.all([
            receivedBy(before, `p${index}`, stack),
            receivedBy(after, `p${index}`, stack),
          ]);
          if (older !== newer) expected.push(`p${index}/${stack}`);
        }
      }
      expect([round, stacksOf(await affectedBy(before, after)).sort()]).toEqual([round, expected.sort()]);
      found += expected.length;
    }
    expect(found).toBeGreaterThan(40);
  });
});

describe('files of a program', () => {
  const node = (root: string, inputs?: unknown[]) => ({
    name: root,
    type: 'app' as const,
    data: { root, ...(inputs && { targets: { deploy: { inputs } } }) },
  });
  const changed = [
    'api/index.ts',
    'api/index.spec.ts',
    'api/esc/prod.yaml',
    'api/Pulumi.yaml',
    'lib/a.ts',
    'infra/i.ts',
  ];
  const files = (inputs?: unknown[]) =>
    new ProgramFiles(
      {
        graph: {
          nodes: { api: node('api', inputs), lib: node('lib'), infra: node('infra') } as never,
          dependencies: {
            api: [
              { source: 'api', target: 'lib', type: 'static' },
              { source: 'api', target: 'infra', type: 'implicit' },
            ],
          },
        },
        namedInputs: { production: ['default', '!{projectRoot}/**/*.spec.ts'] },
        targetName: 'deploy',
      },
      changed,
    ).of('api');

  test.each([
    [undefined, ['api/Pulumi.yaml', 'api/index.spec.ts', 'api/index.ts', 'lib/a.ts']],
    [['production'], ['api/Pulumi.yaml', 'api/index.ts']],
    [
      ['{projectRoot}/*.yaml', '^production'],
      ['api/Pulumi.yaml', 'lib/a.ts'],
    ],
    [[{ fileset: '{workspaceRoot}/infra/**' }], ['infra/i.ts']],
    [[{ runtime: 'date' }, { externalDependencies: [] }], []],
  ])('%j', (inputs, expected) => {
    expect(files(inputs)).toEqual(expected);
  });
});
