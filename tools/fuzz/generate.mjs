import { map, printDocument, scalar, seq } from './document.mjs';
import { Random } from './random.mjs';

const KEYS = ['a', 'b', 'c', 'd', 'e', 'foo', 'bar', 'baz'];
const ODD_KEYS = [
  '"foo bar"',
  "'a.b'",
  '日本',
  'é',
  '"😀"',
  '__proto__',
  'constructor',
  'toString',
  '1',
  '0x10',
  'true',
  'null',
  '~',
  '1.5',
  '""',
  'environmentVariables',
  'files',
  'pulumiConfig',
  'context',
  'imports',
  'environments',
  'values',
  'ciphertext',
  'fn::foo',
  'fn::',
  'Fn::join',
  '<<',
];
const SCALARS = [
  'null',
  '~',
  '',
  'true',
  'false',
  'yes',
  'True',
  'on',
  '0',
  '1',
  '-1',
  '42',
  '3.14',
  '1e3',
  '1e400',
  '0x1F',
  '0o17',
  '017',
  '0b11',
  '1_000',
  '-0',
  '+5',
  '.5',
  '5.',
  '.inf',
  '-.Inf',
  '.nan',
  '1e-7',
  '123456789012345678901234567890',
  '0.1000',
  '2024-01-01',
  '2024-01-01T10:00:00Z',
  '12:30:45',
  'hello',
  'hello world',
  '"quoted"',
  "'single'",
  '"it\'s"',
  "'it''s'",
  '"tab\\tnewline\\n"',
  '"\\u00e9\\x41\\U0001F600"',
  '日本語',
  '"e\\u0301"',
  'é',
  '😀',
  '"👨‍👩‍👧"',
  '"\\0"',
  '"a\\\n                        b"',
  'a#b',
  'a: b'.replace(' ', ''),
  'foo1',
  'foo',
  '"foo,bar,baz"',
  '"a,b"',
  '"[1,2,{}]"',
  '"{\\"x\\":[1,\\"y\\"]}"',
  '"not json"',
  '"aGVsbG8="',
  '"aGVsbG8"',
  '"//79"',
  '"!!!"',
  '"\\u2028<&>"',
  '|\n                        block\n                        text\n',
  '>-\n                        folded\n                        text\n',
  '!!str 42',
  '!!int "7"',
  '!!float 1',
  '!custom x',
  '!!binary aGk=',
];
const BAD_INTERPOLATIONS = [
  '${',
  '${}',
  '${a',
  '${a.',
  '${a.}',
  '${a..b}',
  '${a[',
  '${a[]}',
  '${a[0}',
  '${a["x}',
  '${a["x"}',
  '${["a"]}',
  '${[0].b}',
  '${a b}',
  '${a }',
  '${ a}',
  '${a[-1]}',
  '${a[1.5]}',
  '${a[99999999999999999999]}',
  '$',
  '$$',
  '$${a}',
  '$$$',
  'x$y',
  '${a}}',
  '${a["\\"b"]}',
  '${.a}',
  '${a.b.}',
  '${a["b"][}',
  '${a[b]}',
  "${a['b']}",
  '${a-b}',
  '${日本}',
  '${😀.x}',
  'é${',
  'x ${a',
  '${a}${',
  '${a.b[',
];
const ROOTS = [
  'a',
  'b',
  'c',
  'd',
  'e',
  'foo',
  'bar',
  'baz',
  'nope',
  'imports',
  'context',
  'environments',
  'fooo',
  'ba',
  'toString',
  '__proto__',
];
const PROVIDERS = ['test', 'test', 'test', 'schema', 'secret-wrapper', 'error', 'nope'];
const ROTATORS = ['swap', 'swap', 'echo', 'nope'];
const SCHEMA_KEYS = [
  'null',
  'boolean',
  'false',
  'true',
  'number',
  'pi',
  'string',
  'hello',
  'array',
  'tuple',
  'map',
  'record',
  'anyOf',
  'oneOf',
  'ref',
  'const-array',
  'const-object',
  'enum',
  'never',
  'always',
  'double',
  'triple',
  'dependentReq',
  'multiple',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'unknown',
];
const CIPHERTEXTS = [
  'ZXNjeAAAAAHo9e705fKyKo30VQ==',
  'aGk=',
  '"!"',
  '""',
  'ZXNjeAAAAAHo9e705fKyKo30VA==',
  '5',
  'ZXNjeQAAAAHo9e705fKyKo30VQ==',
];
const ENVIRONMENTS = ['one', 'two', 'p/e', 'p/f'];
const DEPTH = 4;

/**
 * Makes a case from a seed: an environment, those that it may import, and options of the run. `files` maps names to
 * documents; every construct of the language comes up, well used and badly used.
 */
export function generateCase(seed) {
  const random = new Random(seed);
  const generator = new Generator(random);
  const files = { env: generator.document(ENVIRONMENTS, DEPTH) };
  for (const name of ENVIRONMENTS) {
    if (random.chance(0.6)) files[name] = generator.document([...ENVIRONMENTS, 'env'], DEPTH - 1);
  }
  const overrides = {};
  if (random.chance(0.2)) overrides.showSecrets = true;
  if (random.chance(0.15)) overrides.rotate = true;
  if (overrides.rotate && random.chance(0.3))
    overrides.rotatePaths = [random.pick(['values.a', 'a', 'values.b', 'b', 'foo.bar'])];
  if (random.chance(0.15)) files.env = mutate(Buffer.from(printDocument(files.env)), random);
  return { files, overrides };
}

const FRAGMENTS = [
  '\t',
  '\r\n',
  '\n',
  ' ',
  '  ',
  ':',
  ': ',
  '- ',
  '? ',
  '#',
  ' #',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ',',
  '|',
  '>',
  '&a ',
  '*a',
  '!t ',
  '%',
  '@',
  '`',
  '---\n',
  '...\n',
  '\0',
  '\ufeff',
  '\u0085',
  '\u2028',
  'é',
];

/** Damages a text in a few places: what is left may be no YAML, and no UTF-8. */
function mutate(bytes, random) {
  let result = bytes;
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const at = random.below(result.length + 1);
    const skip = random.chance(0.5) ? 0 : 1 + random.below(4);
    const inserted = random.chance(0.1)
      ? Buffer.from([random.below(256)])
      : Buffer.from(random.chance(0.75) ? random.pick(FRAGMENTS) : '');
    result = Buffer.concat([result.subarray(0, at), inserted, result.subarray(at + skip)]);
  }
  return result;
}

class Generator {
  constructor(random) {
    this.random = random;
  }

  document(importable, depth) {
    const { random } = this;
    if (random.chance(0.01))
      return random.pick([undefined, scalar('5'), seq([scalar('a')]), scalar('{}'), scalar('# nothing')]);
    const entries = [];
    if (random.chance(0.6)) entries.push(['imports', this.imports(importable)]);
    if (random.chance(0.97)) entries.push(['values', this.object(depth, 0.1)]);
    if (random.chance(0.03))
      entries.push([
        random.pick(['valuess', 'import', 'description', 'values', 'imports', '"values"', 'other']),
        this.node(1),
      ]);
    if (random.chance(0.05)) entries.reverse();
    return map(entries);
  }

  imports(importable) {
    const { random } = this;
    if (random.chance(0.03)) return this.node(1);
    const items = [];
    for (let count = random.below(4); count > 0; count -= 1) {
      const name = random.pick(importable);
      items.push(
        random.weighted([
          [8, () => scalar(name)],
          [
            2,
            () =>
              map([
                [
                  name,
                  map([['merge', scalar(random.pick(['false', 'true', 'false', '1', '"false"']))]], random.chance(0.5)),
                ],
              ]),
          ],
          [0.3, () => map([[name, scalar('null')]])],
          [0.3, () => map([[name, map([['merged', scalar('true')]])]])],
          [0.2, () => scalar('nope')],
          [0.3, () => this.node(1)],
        ])(),
      );
    }
    return seq(items, random.chance(0.2));
  }

  object(depth, calls = 0.35) {
    const { random } = this;
    if (random.chance(0.04)) return this.node(depth);
    const entries = [];
    for (let count = 1 + random.below(5); count > 0; count -= 1)
      entries.push([this.key(), this.node(depth - 1, calls)]);
    return map(entries, random.chance(0.15) && isFlowable(entries));
  }

  key() {
    return this.random.chance(0.08) ? this.random.pick(ODD_KEYS) : this.random.pick(KEYS);
  }

  node(depth, calls = 0.35) {
    const { random } = this;
    const node =
      depth <= 0
        ? this.leaf()
        : random.weighted([
            [4, () => this.leaf()],
            [3, () => this.object(depth)],
            [1.5, () => this.list(depth)],
            [calls * 10, () => this.call(depth)],
          ])();
    if (random.chance(0.01) && node.before === undefined && !/^[!*]/.test(node.scalar ?? ''))
      return { ...node, before: random.pick(['&anchor', '!!map', '!!seq', '!!str', '!tag']) };
    return node;
  }

  list(depth) {
    const { random } = this;
    const items = [];
    for (let count = random.below(4); count > 0; count -= 1) items.push(this.node(depth - 1));
    return seq(items, random.chance(0.4) && isFlowable(items.map((item) => ['', item])));
  }

  leaf() {
    const { random } = this;
    return random.weighted([
      [4, () => scalar(random.pick(SCALARS))],
      [4, () => scalar(this.interpolation())],
      [0.5, () => scalar(quote(random.pick(BAD_INTERPOLATIONS)))],
      [0.02, () => scalar('*anchor')],
    ])();
  }

  interpolation() {
    const { random } = this;
    const access = () => `\${${this.access()}}`;
    if (random.chance(0.6)) return quote(access());
    const text = () =>
      random.pick([
        '',
        'x',
        ' ',
        'é',
        '日本',
        '😀',
        '$$',
        '-',
        '"',
        '}',
        'a.b',
        random.chance(0.1) ? random.pick(BAD_INTERPOLATIONS) : '',
      ]);
    return quote(`${text()}${access()}${text()}${random.chance(0.5) ? access() : ''}${text()}`);
  }

  access() {
    const { random } = this;
    let path = random.weighted([
      [10, () => random.pick(KEYS)],
      [1.5, () => random.pick(ROOTS)],
      [1, () => `imports.${random.pick(ENVIRONMENTS)}`],
      [0.5, () => `imports["${random.pick(ENVIRONMENTS)}"]`],
      [1, () => `environments.${random.pick(['p.e', 'p.f', 'p.nope', 'p', 'p["e"]', 'one'])}`],
      [
        1,
        () =>
          `context.${random.pick(['rootEnvironment.name', 'currentEnvironment.name', 'pulumi.user.id', 'pulumi', 'nope'])}`,
      ],
      [0.3, () => '["foo bar"]'],
    ])();
    for (let count = random.below(4); count > 0; count -= 1) {
      path += random.weighted([
        [8, () => `.${random.pick(KEYS)}`],
        [1.5, () => `[${random.pick(['0', '1', '2', '9', '00', '01'])}]`],
        [1.5, () => `["${random.pick([...KEYS, 'foo bar', '日本', 'a.b', '0', ''])}"]`],
        [0.5, () => `.${random.pick(['0', '1', 'toString', '日本', 'fooo'])}`],
      ])();
    }
    return path;
  }

  call(depth) {
    const { random } = this;
    const argument = (valid) => (random.chance(0.1) ? this.node(depth - 1) : valid());
    const inner = () => this.node(depth - 1);
    const list = () => this.list(depth);
    const text = () => scalar(random.chance(0.5) ? this.interpolation() : random.pick(SCALARS));
    const entry = random.weighted([
      [
        3,
        () => [
          'fn::secret',
          argument(() =>
            random.chance(0.3)
              ? map([['ciphertext', scalar(random.pick(CIPHERTEXTS))]], random.chance(0.5))
              : scalar(random.pick(SCALARS)),
          ),
        ],
      ],
      [2, () => ['fn::join', argument(() => seq([text(), list()], false))]],
      [2, () => ['fn::concat', argument(() => seq([list(), list()]))]],
      [
        2,
        () => [
          'fn::split',
          argument(() => seq([scalar(random.pick(['","', '""', 'a', '"é"', quote('${a}')])), text()])),
        ],
      ],
      [2, () => ['fn::toJSON', inner()]],
      [2, () => ['fn::fromJSON', argument(text)]],
      [2, () => ['fn::toString', inner()]],
      [2, () => ['fn::toBase64', argument(text)]],
      [2, () => ['fn::fromBase64', argument(text)]],
      [2, () => ['fn::final', inner()]],
      [
        1,
        () => [
          'fn::validate',
          argument(() =>
            map([
              ['schema', this.schema(2)],
              ['value', inner()],
            ]),
          ),
        ],
      ],
      [4, () => this.open(depth)],
      [2, () => this.rotate(depth)],
      [0.3, () => [random.pick(['fn::nope', 'fn::opne', 'fn::Join', 'fn::', 'fn::import']), inner()]],
    ])();
    const entries = [entry];
    if (random.chance(0.03)) entries.push([this.key(), inner()]);
    if (random.chance(0.02)) entries.reverse();
    return map(entries, random.chance(0.2) && isFlowable(entries));
  }

  open(depth) {
    const { random } = this;
    const provider = random.pick(PROVIDERS);
    const inputs = () => this.inputs(provider, depth);
    if (random.chance(0.6)) return [`fn::open::${provider}`, inputs()];
    const entries = [
      ['provider', scalar(provider)],
      ['inputs', inputs()],
    ];
    if (random.chance(0.1)) entries.splice(random.below(2), 1);
    if (random.chance(0.05)) entries.push([random.pick(['other', 'provider']), this.leaf()]);
    if (random.chance(0.05)) entries[0][1] = this.leaf();
    return ['fn::open', random.chance(0.05) ? this.node(1) : map(entries)];
  }

  inputs(provider, depth) {
    const { random } = this;
    // Inputs that are no object make the reference crash where the schema accepts them.
    if (provider === 'error')
      return map([
        [
          random.chance(0.9) ? 'why' : 'wyh',
          scalar(random.chance(0.7) ? random.pick(['because', '"é"', quote('${a}')]) : random.pick(SCALARS)),
        ],
      ]);
    if (provider === 'schema') {
      const entries = [];
      for (let count = 1 + random.below(3); count > 0; count -= 1)
        entries.push([random.pick(SCHEMA_KEYS), this.node(depth - 1, 0.15)]);
      return map(entries);
    }
    const entries = [];
    for (let count = random.below(4); count > 0; count -= 1) entries.push([this.key(), this.node(depth - 1, 0.15)]);
    return random.chance(0.1) ? scalar(quote(`\${${this.access()}}`)) : map(entries);
  }

  rotate(depth) {
    const { random } = this;
    const rotator = random.pick(ROTATORS);
    const state = () =>
      random.chance(0.15)
        ? this.leaf()
        : rotator === 'echo'
          ? map([['current', this.leaf()], ...(random.chance(0.5) ? [['previous', this.leaf()]] : [])])
          : map([
              ['a', this.leaf()],
              ['b', this.leaf()],
            ]);
    const inputs = () => (rotator === 'echo' ? map([['next', this.leaf()]]) : this.inputs('test', depth));
    const entries = [['inputs', inputs()]];
    if (random.chance(0.8)) entries.push(['state', state()]);
    if (random.chance(0.6)) return [`fn::rotate::${rotator}`, map(entries)];
    return ['fn::rotate', map([['provider', scalar(rotator)], ...entries])];
  }

  schema(depth) {
    const { random } = this;
    return random.weighted([
      [
        4,
        () =>
          map([
            ['type', scalar(random.pick(['string', 'number', 'boolean', '"null"', 'array', 'object', 'nope', '5']))],
          ]),
      ],
      [1, () => scalar(random.pick(['true', 'false', quote('${a}'), '5', 'null']))],
      [1, () => map([['const', this.node(1, 0)]])],
      [1, () => map([['enum', seq([this.leaf(), this.leaf()])]])],
      [
        1,
        () =>
          map([
            ['type', scalar('number')],
            [
              random.pick(['minimum', 'maximum', 'multipleOf', 'exclusiveMinimum']),
              scalar(random.pick(['1', '3.5', '-2', 'x', '0'])),
            ],
          ]),
      ],
      [
        1,
        () =>
          map([
            ['type', scalar('string')],
            [
              random.pick(['minLength', 'maxLength', 'pattern']),
              scalar(random.pick(['1', '3', '"^f"', '"("', '-1', '"a{3}"'])),
            ],
          ]),
      ],
      [
        depth,
        () =>
          map([
            ['type', scalar('array')],
            [
              random.pick(['items', 'minItems', 'maxItems', 'uniqueItems']),
              random.chance(0.6) ? this.schema(depth - 1) : scalar('2'),
            ],
          ]),
      ],
      [
        depth,
        () =>
          map([
            ['type', scalar('object')],
            [
              'properties',
              map([
                [this.key(), this.schema(depth - 1)],
                [this.key(), this.schema(depth - 1)],
              ]),
            ],
            ...(random.chance(0.5) ? [['required', seq([scalar(random.pick(KEYS))])]] : []),
          ]),
      ],
      [
        depth,
        () =>
          map([
            ['type', scalar('object')],
            ['additionalProperties', this.schema(depth - 1)],
          ]),
      ],
      [
        depth,
        () =>
          map([
            [random.pick(['anyOf', 'oneOf', 'prefixItems']), seq([this.schema(depth - 1), this.schema(depth - 1)])],
          ]),
      ],
      [
        0.3,
        () =>
          map([
            ['$ref', scalar('"#/$defs/x"')],
            ['$defs', map([['x', this.schema(depth - 1)]])],
          ]),
      ],
    ])();
  }
}

function quote(text) {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Block scalars cannot stand in flow collections; neither can an empty scalar where a comma follows. */
function isFlowable(entries) {
  return entries.every(([, node]) =>
    node.scalar !== undefined
      ? !/^[|>]|^$/.test(node.scalar)
      : isFlowable(node.map ?? node.seq.map((item) => ['', item])),
  );
}
