import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LocalBackend } from '../backends/local/local-backend';
import { symbolicProvider } from '../providers/symbolic-provider';
import { normalizeOptions } from '../workspace/plugin-options';
import { indexWorkspace } from '../workspace/read-workspace';
import { explainValue } from './explain-value';
import type { Explanation } from './explanation';
import { findKey } from './find-key';
import { renderExplanation, renderSummaries } from './render-text';

const FILES = {
  'nx.json': '{}',
  'infra/project.json': '{"name":"infra"}',
  'infra/Pulumi.yaml': `name: infra
runtime: yaml
outputs:
  ecs_cluster_name: cluster
`,
  'api/project.json': '{"name":"api"}',
  'api/esc/base.yaml': `values:
  domain: example.com
  aws:
    region: eu-west-1
    login:
      fn::open::aws-login:
        oidc: { roleArn: arn:aws:iam::123456789012:role/reader, sessionName: api }
  environmentVariables:
    LOG_LEVEL: info
`,
  'api/esc/staging.yaml': `imports:
  - base
values:
  infra:
    fn::open::pulumi-stacks:
      stacks:
        infra: { stack: infra/staging }
  secrets:
    fn::open::aws-secrets:
      region: \${aws.region}
      login: \${aws.login}
      get:
        database: { secretId: myapp/staging/database }
        jwt: { secretId: myapp/staging/jwt }
  database: { fn::fromJSON: "\${secrets.database}" }
  urls:
    api: https://api-staging.\${domain}
  environmentVariables:
    ECS_CLUSTER: \${infra.infra.ecs_cluster_name}
    DATABASE_URL: \${database.url}
    API_URL: \${urls.api}
    LOG_LEVEL: debug
    TOKEN: { fn::secret: hunter2 }
`,
};

const root = mkdtempSync(join(tmpdir(), 'nx-esc-explain-'));
beforeAll(() => {
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function explain(keys: readonly string[], { reveal = false } = {}): Promise<Explanation[]> {
  const index = indexWorkspace(root, normalizeOptions(undefined));
  const backend = new LocalBackend({ workspaceRoot: root, index, loadProvider: symbolicProvider });
  const source = { kind: 'reference', ref: 'api/staging' } as const;
  const inspection = await backend.inspect({ source, signal: new AbortController().signal }, { symbolic: true });
  const { environment } = inspection;
  return keys.map((key) => {
    const path = findKey(inspection.root, key);
    return explainValue({ ...inspection, environment: environment! }, path, { index, reveal })!;
  });
}

test('a secret of a store, through JSON and an access, with all that asks for it', async () => {
  const [explanation] = await explain(['DATABASE_URL']);
  expect(renderExplanation(explanation!)).toBe(`environmentVariables.DATABASE_URL of api/staging

api/esc/staging.yaml:20:19
└─ \${database.url}  api/esc/staging.yaml:15:13  fn::fromJSON, its url
   └─ \${secrets.database}  api/esc/staging.yaml:9:5  fn::open::aws-secrets, its database
      │  from myapp/staging/database (aws-secrets)
      ├─ \${aws.region}  api/esc/base.yaml:4:13  "eu-west-1"
      │     imported as base at api/esc/staging.yaml:2:5
      └─ \${aws.login}  api/esc/base.yaml:6:7  fn::open::aws-login
            imported as base at api/esc/staging.yaml:2:5
            from aws-login
`);
});

test('an output of a stack, to the program that says it', async () => {
  const [explanation] = await explain(['ECS_CLUSTER']);
  expect(explanation?.origin.ingredients[0]?.origin.source).toEqual({
    kind: 'stack-output',
    stack: 'infra/staging',
    output: 'ecs_cluster_name',
    program: { file: 'infra/Pulumi.yaml', line: 4, column: 3 },
  });
});

test('an overview names what each value rests on', async () => {
  const explanations = await explain(['API_URL', 'DATABASE_URL', 'ECS_CLUSTER', 'LOG_LEVEL', 'TOKEN']);
  expect(renderSummaries(explanations).replace(/ +/g, ' ')).toBe(
    [
      'environmentVariables.API_URL api/esc/staging.yaml:21:14 "https://api-staging.example.com"',
      'environmentVariables.DATABASE_URL api/esc/staging.yaml:20:19 myapp/staging/database (aws-secrets)',
      'environmentVariables.ECS_CLUSTER api/esc/staging.yaml:19:18 output ecs_cluster_name of infra/staging',
      'environmentVariables.LOG_LEVEL api/esc/staging.yaml:22:16 "debug", overrides 1',
      'environmentVariables.TOKEN api/esc/staging.yaml:23:26 [secret]',
      '',
    ].join('\n'),
  );
});

test('a secret shows only where it is to be revealed', async () => {
  expect(JSON.stringify(await explain(['TOKEN', 'environmentVariables']))).not.toContain('hunter2');
  expect(JSON.stringify(await explain(['TOKEN'], { reveal: true }))).toContain('hunter2');
});

test.each([
  ['DATABSE_URL', 'did you mean DATABASE_URL?'],
  ['urls.apii', 'did you mean urls.api?'],
  ['urls.nothing_like_it', 'there are: api'],
])('%s is not there', async (key, hint) => {
  await expect(explain([key])).rejects.toMatchObject({ code: 'key-not-found', hint });
});

test('a path that is none', async () => {
  await expect(explain(['a[x'])).rejects.toMatchObject({ code: 'option-invalid' });
});
