import { map, scalar, seq } from './document.mjs';
import { schema } from './schemas.mjs';
import { CIPHERTEXTS, isFlowable, PROVIDERS, quote, ROTATORS, SCALARS, SCHEMA_KEYS } from './vocabulary.mjs';

const UNKNOWN_CALLS = ['fn::nope', 'fn::opne', 'fn::Join', 'fn::', 'fn::import', 'FN::secret', 'fn::open:', 'fn::eval'];
const DELIMITERS = ['","', '""', 'a', '"é"', quote('${a}'), '"a,"', '" "'];

/** A call of a builtin function; now and then with an argument that it cannot take. */
export function call(generator, depth) {
  const { random } = generator;
  const entries = [callEntry(generator, depth)];
  if (random.chance(0.03)) entries.push([generator.key(), generator.node(depth - 1)]);
  if (random.chance(0.02)) entries.reverse();
  return map(entries, random.chance(0.2) && isFlowable(entries));
}

/** A name of a function and an argument for it. */
export function callEntry(generator, depth) {
  const { random } = generator;
  const argument = (valid) => (random.chance(0.1) ? generator.node(depth - 1) : valid());
  const inner = () => generator.node(depth - 1);
  const list = () => generator.list(depth);
  const text = () => scalar(random.chance(0.5) ? generator.interpolation() : random.pick(SCALARS));
  return random.weighted([
    [3, () => ['fn::secret', argument(() => secret(generator))]],
    [2, () => ['fn::join', argument(() => seq([text(), random.chance(0.2) ? text() : list()], false))]],
    [2, () => ['fn::concat', argument(() => seq([list(), random.chance(0.2) ? text() : list()]))]],
    [2, () => ['fn::split', argument(() => seq([scalar(random.pick(DELIMITERS)), text()]))]],
    [2, () => ['fn::toJSON', inner()]],
    [2, () => ['fn::fromJSON', argument(text)]],
    [2, () => ['fn::toString', inner()]],
    [2, () => ['fn::toBase64', argument(text)]],
    [2, () => ['fn::fromBase64', argument(text)]],
    [2, () => ['fn::final', inner()]],
    [2, () => ['fn::validate', argument(() => validate(generator, inner))]],
    [4, () => open(generator, depth)],
    [2, () => rotate(generator, depth)],
    [0.3, () => [random.pick(UNKNOWN_CALLS), inner()]],
  ])();
}

function secret({ random }) {
  if (random.chance(0.7)) return scalar(random.pick(SCALARS));
  const entries = [['ciphertext', scalar(random.pick(CIPHERTEXTS))]];
  if (random.chance(0.03)) entries.push(['other', scalar('1')]);
  return map(entries, random.chance(0.5));
}

function validate(generator, inner) {
  const { random } = generator;
  const entries = [
    ['schema', schema(generator, 2)],
    ['value', inner()],
  ];
  if (random.chance(0.05)) entries.splice(random.below(2), 1);
  if (random.chance(0.05)) entries.push([random.pick(['other', 'value']), generator.leaf()]);
  return map(entries);
}

function open(generator, depth) {
  const { random } = generator;
  const provider = random.pick(PROVIDERS);
  const given = () => inputs(generator, provider, depth);
  if (random.chance(0.6)) return [`fn::open::${provider}`, given()];
  const entries = [
    ['provider', scalar(provider)],
    ['inputs', given()],
  ];
  if (random.chance(0.1)) entries.splice(random.below(2), 1);
  if (random.chance(0.05)) entries.push([random.pick(['other', 'provider']), generator.leaf()]);
  if (random.chance(0.05) && entries.length > 0) entries[0][1] = generator.leaf();
  return ['fn::open', random.chance(0.05) ? generator.node(1) : map(entries)];
}

function inputs(generator, provider, depth) {
  const { random } = generator;
  if (provider === 'error') {
    const why = random.chance(0.7) ? random.pick(['because', '"é"', quote('${a}')]) : random.pick(SCALARS);
    return map([[random.chance(0.9) ? 'why' : 'wyh', scalar(why)]]);
  }
  if (provider === 'schema') {
    const count = 1 + random.below(3);
    return map(Array.from({ length: count }, () => [random.pick(SCHEMA_KEYS), generator.node(depth - 1, 0.15)]));
  }
  // Inputs that are no object make the reference crash where the schema accepts them.
  if (random.chance(0.05)) return scalar(quote(`\${${generator.access()}}`));
  return map(Array.from({ length: random.below(4) }, () => [generator.key(), generator.node(depth - 1, 0.15)]));
}

function rotate(generator, depth) {
  const { random } = generator;
  const rotator = random.pick(ROTATORS);
  const next = () => (random.chance(0.6) ? generator.leaf() : generator.node(depth - 1, 0.5));
  const given = () => (rotator === 'echo' ? map([['next', next()]]) : inputs(generator, 'test', depth));
  const entries = [];
  if (random.chance(0.95)) entries.push(['inputs', given()]);
  if (random.chance(0.8)) entries.push(['state', state(generator, rotator)]);
  if (random.chance(0.05)) entries.push([random.pick(['other', 'state', 'inputs', 'provider']), generator.leaf()]);
  if (random.chance(0.6)) return [`fn::rotate::${rotator}`, random.chance(0.03) ? generator.node(1) : map(entries)];
  if (random.chance(0.95)) entries.unshift(['provider', random.chance(0.03) ? generator.leaf() : scalar(rotator)]);
  return ['fn::rotate', random.chance(0.03) ? generator.node(1) : map(entries)];
}

function state(generator, rotator) {
  const { random } = generator;
  if (random.chance(0.15)) return generator.leaf();
  const text = () =>
    random.chance(0.4)
      ? scalar(random.pick(['one', 'two']))
      : random.chance(0.3)
        ? map([['fn::secret', scalar(random.pick(['one', 'two']))]])
        : generator.leaf();
  const [first, second] = rotator === 'echo' ? ['current', 'previous'] : ['a', 'b'];
  return map([[first, text()], ...(random.chance(rotator === 'echo' ? 0.5 : 0.9) ? [[second, text()]] : [])]);
}
