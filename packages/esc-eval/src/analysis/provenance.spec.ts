import { checkEnvironment, openEnvironment } from '../environment';
import type { Provider } from '../functions/provider';
import { parsePropertyPath } from '../language/property-path';
import { textOfValue } from '../output/text-of-value';
import { createTestHost } from '../testing';
import { ALWAYS } from '../values/schema';
import { toData } from '../values/data';
import type { Ingredient, Origin, Provenance } from './provenance';

const store: Provider = {
  inputs: ALWAYS,
  outputs: ALWAYS,
  open: () => toData({ database: '{"url":"postgres://opened"}', jwt: 'token' }),
};

const BASE = `values:
  domain: example.com
  port: 8080
  aws:
    region: eu-west-1
    login: { fn::open::login: { role: reader } }
  environmentVariables:
    LEVEL: info
`;
const REGION = `imports: [base]
values:
  aws: { region: eu-north-1 }
`;
const STAGING = `imports:
  - base
  - region
values:
  secrets:
    fn::open::store:
      region: \${aws.region}
      login: \${aws.login}
      get:
        database: { secretId: app/database }
        jwt: { secretId: app/jwt }
  database: { fn::fromJSON: "\${secrets.database}" }
  alias: \${secrets}
  password: { fn::secret: hunter2 }
  url: https://api.\${domain}:\${port}
  port: 9090
  environmentVariables:
    DATABASE_URL: \${database.url}
    TOKEN: \${alias.jwt}
    URL: \${url}
    BASIC: { fn::toBase64: "user:\${password}" }
    LIST: { fn::join: [",", [a, "\${port2}"]] }
    ELSEWHERE: \${environments.base.aside.value}
    LEVEL: debug
  port2: { fn::toString: "\${port}" }
`;
const ENVIRONMENTS = { base: BASE, region: REGION, 'base/aside': 'values: { value: aside }\n' };

async function explain(path: string, evaluate = checkEnvironment): Promise<Provenance | undefined> {
  const host = { ...createTestHost({ environments: ENVIRONMENTS }), loadProvider: () => store };
  const { environment } = await evaluate({ name: 'staging', source: STAGING, host });
  return environment?.provenance(parsePropertyPath(path));
}

const place = ({ range }: Pick<Origin, 'range'>): string =>
  range === null ? '-' : `${range.environment ?? ''}:${range.begin.line}:${range.begin.column}`;

/** One line for each thing that a value is made of. */
function lines(origin: Origin, depth = 0): string[] {
  const { kind, function: name, part, value, isRepeated, imports, provider } = origin;
  const shown = value.unknown ? '?' : value.secret ? '[secret]' : textOfValue(value);
  const words = [
    `${' '.repeat(depth)}${name ?? kind}`,
    place(origin),
    ...(part.length > 0 ? [`part ${part.join('.')}`] : []),
    ...(provider ? [`asks ${provider.name}`] : []),
    shown,
    ...imports.map((step) => `via ${step.kind} ${step.name} at ${place(step)}`),
    ...(isRepeated ? ['repeated'] : []),
  ];
  const used = origin.ingredients.flatMap(({ written, origin: inner }: Ingredient) =>
    lines(inner, depth + 2).map((line, index) => (index === 0 ? `${line}   as ${written}` : line)),
  );
  return [words.join(' '), ...used];
}

test.each([
  [
    'environmentVariables.DATABASE_URL',
    [
      'reference staging:18:19 ?',
      '  fn::fromJSON staging:12:13 part url ?   as ${database.url}',
      '    fn::open::store staging:6:5 part database asks store ?   as ${secrets.database}',
      '      literal region:3:18 eu-north-1 via import region at staging:3:5   as ${aws.region}',
      '      fn::open::login base:6:12 asks login ? via import region at staging:3:5 via import base at region:1:11   as ${aws.login}',
    ],
  ],
  [
    'environmentVariables.TOKEN',
    [
      'reference staging:19:12 ?',
      '  reference staging:13:10 part jwt ?   as ${alias.jwt}',
      '    fn::open::store staging:6:5 part jwt asks store ?   as ${secrets}',
      '      literal region:3:18 eu-north-1 via import region at staging:3:5   as ${aws.region}',
      '      fn::open::login base:6:12 asks login ? via import region at staging:3:5 via import base at region:1:11   as ${aws.login}',
    ],
  ],
  [
    'environmentVariables.URL',
    [
      'reference staging:20:10 https://api.example.com:9090',
      '  interpolation staging:15:8 https://api.example.com:9090   as ${url}',
      '    literal base:2:11 example.com via import region at staging:3:5 via import base at region:1:11   as ${domain}',
      '    literal staging:16:9 9090   as ${port}',
    ],
  ],
  [
    'environmentVariables.BASIC',
    ['fn::toBase64 staging:21:12 [secret]', '  fn::secret staging:14:13 [secret]   as ${password}'],
  ],
  [
    'environmentVariables.LIST',
    [
      'fn::join staging:22:11 a,9090',
      '  fn::toString staging:25:10 9090   as ${port2}',
      '    literal staging:16:9 9090   as ${port}',
    ],
  ],
  [
    'environmentVariables.ELSEWHERE',
    [
      'reference staging:23:16 aside',
      '  literal base/aside:1:18 aside via reference base/aside at staging:23:16   as ${environments.base.aside.value}',
    ],
  ],
  [
    'aws.region',
    [
      'literal region:3:18 eu-north-1 via import region at staging:3:5',
      'over literal base:5:13 eu-west-1 via import region at staging:3:5 via import base at region:1:11',
    ],
  ],
  [
    'aws',
    [
      'object region:3:8 "login"="[unknown]","region"="eu-north-1" via import region at staging:3:5',
      '  fn::open::login base:6:12 asks login ? via import region at staging:3:5 via import base at region:1:11   as login',
      '  literal region:3:18 eu-north-1 via import region at staging:3:5   as region',
      'over object base:5:5 "login"="[unknown]","region"="eu-west-1" via import region at staging:3:5 via import base at region:1:11',
      'over   fn::open::login base:6:12 asks login ? via import region at staging:3:5 via import base at region:1:11 repeated   as login',
      'over   literal base:5:13 eu-west-1 via import region at staging:3:5 via import base at region:1:11   as region',
    ],
  ],
  [
    'port',
    [
      'literal staging:16:9 9090',
      'over literal base:3:9 8080 via import region at staging:3:5 via import base at region:1:11',
    ],
  ],
  [
    'environmentVariables.LEVEL',
    [
      'literal staging:24:12 debug',
      'over literal base:8:12 info via import region at staging:3:5 via import base at region:1:11',
    ],
  ],
  [
    'secrets.jwt',
    [
      'fn::open::store staging:6:5 part jwt asks store ?',
      '  literal region:3:18 eu-north-1 via import region at staging:3:5   as ${aws.region}',
      '  fn::open::login base:6:12 asks login ? via import region at staging:3:5 via import base at region:1:11   as ${aws.login}',
    ],
  ],
] as const)('%s comes from its definitions, and what they are made of', async (path, expected) => {
  const { origin, overridden } = (await explain(path))!;
  const over = overridden.flatMap((each) => lines(each).map((line) => `over ${line}`));
  expect([...lines(origin), ...over]).toEqual(expected);
});

test('opened values', async () => {
  const { origin } = (await explain('environmentVariables.DATABASE_URL', openEnvironment))!;
  expect(lines(origin).slice(0, 3)).toEqual([
    'reference staging:18:19 postgres://opened',
    '  fn::fromJSON staging:12:13 part url postgres://opened   as ${database.url}',
    '    fn::open::store staging:6:5 part database asks store {"url":"postgres://opened"}   as ${secrets.database}',
  ]);
});

test('the value that a diagnostic is about', async () => {
  const faulty: Provider = { ...store, open: () => toData({ database: 'no JSON', jwt: 'token' }) };
  const host = { ...createTestHost({ environments: ENVIRONMENTS }), loadProvider: () => faulty };
  const { environment, diagnostics } = await openEnvironment({ name: 'staging', source: STAGING, host });
  const about = diagnostics.map((diagnostic) => environment?.originOfFault(diagnostic));
  expect(about.map((origin) => origin && lines(origin).slice(0, 2))).toEqual([
    [
      'reference staging:12:29 no JSON',
      '  fn::open::store staging:6:5 part database asks store no JSON   as ${secrets.database}',
    ],
  ]);
});

test('what is not there', async () => {
  expect(await explain('environmentVariables.NOPE')).toBeUndefined();
  expect(await explain('port.x')).toBeUndefined();
});
