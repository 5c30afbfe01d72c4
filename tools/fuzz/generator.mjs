import { call } from './calls.mjs';
import { map, scalar, seq } from './document.mjs';
import { BAD_INTERPOLATIONS, ENVIRONMENTS, isFlowable, KEYS, ODD_KEYS, quote, ROOTS, SCALARS } from './vocabulary.mjs';

const FIELDS = [
  ...['valuess', 'import', 'description', 'values', 'imports', '"values"', 'other', 'Values', 'IMPORTS', 'Description'],
  ...['vals', 'value', 'import_s', '_values', 'descriptions', 'é'],
];
const OPTIONS = [
  '{ merge: null }',
  '{ Merge: false }',
  '{ merge: false, merge: true }',
  '{ x: 1, x: 2 }',
  '{}',
  '[]',
  '',
];
const CONTEXT = [
  'rootEnvironment.name',
  'currentEnvironment.name',
  'pulumi.user.id',
  'pulumi',
  'nope',
  'rootEnvironmen',
];

/** Makes documents and parts of them at random; `paths` are accesses that are known to lead to something. */
export class Generator {
  constructor(random, paths = []) {
    this.random = random;
    this.paths = paths;
  }

  document(importable, depth) {
    const { random } = this;
    if (random.chance(0.01))
      return random.pick([undefined, scalar('5'), seq([scalar('a')]), scalar('{}'), scalar('# nothing')]);
    const entries = [];
    if (random.chance(0.6)) entries.push(['imports', this.imports(importable)]);
    if (random.chance(0.97)) entries.push(['values', this.object(depth, 0.1)]);
    if (random.chance(0.05)) entries.push([random.pick(FIELDS), this.node(1)]);
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
          [0.8, () => map([[name, scalar(random.pick(['null', ...OPTIONS]))]])],
          [
            0.1,
            () =>
              map([
                [name, scalar('{}')],
                ['two', scalar('{}')],
              ]),
          ],
          [
            0.3,
            () =>
              scalar(random.pick(['nope', 'one@3', '"a b"', '../one', 'fuzz', 'env', '""', '"${a}"', '$$', 'p/e@x'])),
          ],
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
      [0.5, () => scalar(this.text(random.pick(BAD_INTERPOLATIONS)))],
      [0.02, () => scalar('*anchor')],
    ])();
  }

  interpolation() {
    const { random } = this;
    const access = () => `\${${this.access()}}`;
    if (random.chance(0.6)) return this.text(access());
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
    return this.text(`${text()}${access()}${text()}${random.chance(0.5) ? access() : ''}${text()}`);
  }

  /** A scalar that says a text: often without quotes, if it can be. */
  text(text) {
    return this.random.chance(0.6) && /^[$x日é😀a][^"':#}]*(?:\}[^"':#{}[\],]*)*$/u.test(text) && !text.endsWith(' ')
      ? text
      : quote(text);
  }

  access() {
    const { random } = this;
    if (this.paths.length > 0 && random.chance(0.5))
      return random.pick(this.paths) + (random.chance(0.8) ? '' : this.step());
    let path = random.weighted([
      [10, () => random.pick(KEYS)],
      [1.5, () => random.pick(ROOTS)],
      [1, () => `imports.${random.pick(ENVIRONMENTS)}`],
      [0.5, () => `imports["${random.pick(ENVIRONMENTS)}"]`],
      [1, () => `environments.${random.pick(['p.e', 'p.f', 'p.nope', 'p', 'p["e"]', 'one'])}`],
      [1, () => (random.chance(0.1) ? 'context' : `context.${random.pick(CONTEXT)}`)],
      [0.3, () => '["foo bar"]'],
    ])();
    for (let count = random.below(4); count > 0; count -= 1) path += this.step();
    return path;
  }

  step() {
    const { random } = this;
    return random.weighted([
      [8, () => `.${random.pick(KEYS)}`],
      [1.5, () => `[${random.pick(['0', '1', '2', '9', '00', '01', '-1'])}]`],
      [1.5, () => `["${random.pick([...KEYS, 'foo bar', '日本', 'a.b', '0', ''])}"]`],
      [0.5, () => `.${random.pick(['0', '1', 'toString', '日本', 'fooo'])}`],
    ])();
  }

  call(depth) {
    return call(this, depth);
  }
}
