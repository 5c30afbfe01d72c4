import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { listCaseFolders } from '../conformance/case-folder.mjs';
import { callEntry } from './calls.mjs';
import { pathsIn, visit } from './case-paths.mjs';
import { map, printDocument, scalar, seq } from './document.mjs';
import { damage, generateOverrides } from './generate.mjs';
import { Generator } from './generator.mjs';
import { Random } from './random.mjs';
import { isFlowable, quote } from './vocabulary.mjs';

const CALLS = [
  ...['fn::toJSON', 'fn::fromJSON', 'fn::toString', 'fn::toBase64', 'fn::fromBase64', 'fn::final', 'fn::secret'],
  ...['fn::concat', 'fn::join', 'fn::split', 'fn::validate', 'fn::open', 'fn::rotate'],
  ...['fn::open::test', 'fn::open::schema', 'fn::open::secret-wrapper', 'fn::rotate::swap', 'fn::rotate::echo'],
];

/** Reads case folders as documents that can be changed; texts that are no documents are left out. */
export function readCases(folders) {
  return folders.flatMap(listCaseFolders).flatMap((folder) => {
    const overrides = join(folder, 'overrides.json');
    const files = readDocuments(folder, '');
    if (files.env === undefined) return [];
    return [{ files, overrides: existsSync(overrides) ? JSON.parse(readFileSync(overrides, 'utf8')) : {} }];
  });
}

function readDocuments(folder, prefix) {
  const documents = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(documents, readDocuments(path, `${prefix}${entry.name}/`));
    if (!entry.name.endsWith('.yaml')) continue;
    const text = readFileSync(path, 'utf8');
    const document = parseDocument(text, { uniqueKeys: false });
    if (isMap(document.contents)) documents[prefix + entry.name.slice(0, -5)] = treeOf(document.contents, text);
  }
  return documents;
}

function treeOf(node, text) {
  if (isMap(node))
    return map(
      node.items.map(({ key, value }) => [sourceOf(key, text), value === null ? scalar('') : treeOf(value, text)]),
      node.flow,
    );
  if (isSeq(node))
    return seq(
      node.items.map((item) => treeOf(item, text)),
      node.flow,
    );
  return scalar(sourceOf(node, text));
}

/** A scalar as it stands in a text; one of several lines in quotes. */
function sourceOf(node, text) {
  if (!isScalar(node)) return 'null';
  const source = text.slice(node.range[0], node.range[1]);
  if (source.includes('\n') || /^[|>]/.test(source)) return quote(node.source);
  return node.tag === undefined ? source : `${node.tag.replace('tag:yaml.org,2002:', '!!')} ${source}`;
}

/** Changes one of the cases in a few places, as a seed says. */
export function mutateCase(seed, cases) {
  const random = new Random(seed);
  const { files, overrides } = structuredClone(random.pick(cases));
  const others = Object.keys(files).filter((name) => name !== 'env');
  const paths = pathsIn(files.env);
  for (const name of others) {
    const imported = pathsIn(files[name]);
    paths.push(...imported, ...imported.map((path) => `imports["${name}"].${path}`));
    if (/^[^/]+\/[^/]+$/.test(name))
      paths.push(...imported.map((path) => `environments.${name.replace('/', '.')}.${path}`));
  }
  const mutator = new Mutator(random, new Generator(random, paths), cases);
  for (let count = 1 + random.below(5); count > 0; count -= 1) {
    const name = others.length > 0 && random.chance(0.3) ? random.pick(others) : 'env';
    files[name] = mutator.change(files[name]);
  }
  const options = random.chance(0.5) ? overrides : { ...overrides, ...generateOverrides(random, files.env) };
  if (random.chance(0.05)) files.env = damage(Buffer.from(printDocument(files.env)), random);
  return { files, overrides: options };
}

class Mutator {
  constructor(random, generator, cases) {
    this.random = random;
    this.generator = generator;
    this.cases = cases;
  }

  /** Changes one node of a document, or what the node has around or beneath it. */
  change(document) {
    const { random } = this;
    const nodes = [...visit(document)].map(({ node }) => node);
    const target = random.pick(nodes);
    const changed = random.weighted([
      [2, () => this.generator.node(random.below(4))],
      [2, () => scalar(quote(`\${${this.generator.access()}}`))],
      [2, () => this.#elsewhere()],
      [1, () => structuredClone(random.pick(nodes))],
      [2, () => this.#call(target)],
      [1, () => (target.map?.length === 1 ? target.map[0][1] : target)],
      [6, () => this.#inside(target)],
    ])();
    return replace(document, target, changed);
  }

  #elsewhere() {
    const { files } = this.random.pick(this.cases);
    const document = files[this.random.pick(Object.keys(files))];
    return structuredClone(this.random.pick([...visit(document)]).node);
  }

  #call(target) {
    const { random } = this;
    if (random.chance(0.3)) return map([callEntry(this.generator, 2)]);
    const name = random.pick(CALLS);
    if (name === 'fn::join' || name === 'fn::split') return map([[name, seq([scalar('","'), target])]]);
    if (name === 'fn::validate')
      return map([
        [
          name,
          map([
            ['schema', map([['type', scalar('string')]])],
            ['value', target],
          ]),
        ],
      ]);
    return map([[name, target]]);
  }

  #inside(target) {
    const { random, generator } = this;
    if (target.scalar !== undefined) return scalar(this.#text(target.scalar));
    const items = [...(target.map ?? target.seq)];
    const added = () => (target.map === undefined ? generator.node(1) : [this.#key(items), generator.node(1)]);
    const at = random.below(items.length + 1);
    random.weighted([
      [2, () => items.splice(at, 0, added())],
      [2, () => items.splice(at, 1)],
      [1, () => items.splice(at, 0, structuredClone(random.pick(items)) ?? added())],
      [1, () => items.reverse()],
      [2, () => target.map && items[at] && items.splice(at, 1, [this.#key(items), items[at][1]])],
    ])();
    const changed = target.map === undefined ? seq(items) : map(items);
    const isFlow = random.chance(0.2) ? !target.flow : target.flow;
    return {
      ...changed,
      flow: isFlow && isFlowable(items.map((item) => (target.map === undefined ? ['', item] : item))),
    };
  }

  #key(items) {
    const { random } = this;
    if (random.chance(0.3) && items.length > 0) return random.pick(items)[0];
    return random.chance(0.2) ? random.pick(CALLS) : this.generator.key();
  }

  #text(text) {
    const { random } = this;
    const quoted = /^(["'])(.*)\1$/s.exec(text);
    const [open, body] = quoted ? [quoted[1], quoted[2]] : ['', text];
    const at = random.below(body.length + 1);
    const added = random.pick(['$', '{', '}', '.', '[0]', '["a"]', 'é', '日', ' ', '${a}', 'x', '1', '-', '']);
    const inserted = open === '"' ? added.replaceAll('"', '\\"') : added;
    return `${open}${body.slice(0, at)}${inserted}${body.slice(at + random.below(3))}${open}`;
  }
}

function replace(node, target, changed) {
  if (node === target) return changed;
  if (node.seq !== undefined) return { ...node, seq: node.seq.map((item) => replace(item, target, changed)) };
  if (node.map !== undefined)
    return { ...node, map: node.map.map(([key, value]) => [key, replace(value, target, changed)]) };
  return node;
}
