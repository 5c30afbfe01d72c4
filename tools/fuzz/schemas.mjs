import { map, scalar, seq } from './document.mjs';
import { KEYS, quote } from './vocabulary.mjs';

const TYPES = ['string', 'number', 'boolean', '"null"', 'array', 'object', 'nope', '5'];
const NUMBERS = ['1', '3.5', '-2', 'x', '0', '1e2', '0.1', '"2"', '.inf'];
const COUNTS = ['0', '1', '2', '3', '-1', '1.5', '99999999999999999999', '"1"'];
const PATTERNS = [
  '"^f"',
  '"("',
  '"a{3}"',
  '"[a-"',
  '"(?i)FOO"',
  '"\\\\d+$"',
  '"(?=x)"',
  '"\\\\pL"',
  '""',
  '5',
  '"^é$"',
];
const REFERENCES = ['"#/$defs/x"', '"#/$defs/zz"', '"#/$defs/x/y"', '"#/definitions/x"', '"#/$defs/a%20b"', '"x"'];

/** A schema for `fn::validate`, now and then one that is none. */
export function schema(generator, depth) {
  const { random } = generator;
  const inner = () => schema(generator, depth - 1);
  const typed = (type, keyword, value) =>
    map([...(random.chance(0.85) ? [['type', scalar(type)]] : []), [spelled(random, keyword), value]]);
  return random.weighted([
    [4, () => map([['type', scalar(random.pick(TYPES))]])],
    [1, () => scalar(random.pick(['true', 'false', quote('${a}'), '5', 'null', '{}', '[]']))],
    [1, () => map([['const', generator.node(1, 0)]])],
    [1, () => map([['enum', seq([generator.leaf(), ...(random.chance(0.7) ? [generator.leaf()] : [])])]])],
    [
      1.5,
      () =>
        typed(
          'number',
          random.pick(['minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum']),
          scalar(random.pick(NUMBERS)),
        ),
    ],
    [1, () => typed('string', random.pick(['minLength', 'maxLength']), scalar(random.pick(COUNTS)))],
    [1, () => typed('string', 'pattern', scalar(random.pick(PATTERNS)))],
    [0.5, () => typed('array', random.pick(['minItems', 'maxItems']), scalar(random.pick(COUNTS)))],
    [0.5, () => typed('object', random.pick(['minProperties', 'maxProperties']), scalar(random.pick(COUNTS)))],
    [
      0.5,
      () =>
        map([
          [random.pick(['title', 'description', 'deprecated', 'default', 'examples', 'uniqueItems']), generator.leaf()],
          ['type', scalar(random.pick(TYPES))],
        ]),
    ],
    [0.3, () => map([[random.pick(['format', 'allOf', 'not', 'secret', 'rotateOnly', 'foo']), generator.leaf()]])],
    [depth, () => typed('array', 'items', random.chance(0.8) ? inner() : scalar('2'))],
    [depth, () => object(generator, inner)],
    [depth, () => typed('object', 'additionalProperties', inner())],
    [depth, () => map([[random.pick(['anyOf', 'oneOf', 'prefixItems']), list(random, inner)]])],
    [
      depth / 2,
      () =>
        map([
          ['$ref', scalar(random.pick(REFERENCES))],
          [
            '$defs',
            map([
              ['x', inner()],
              ['"a b"', inner()],
            ]),
          ],
        ]),
    ],
  ])();
}

/** Names of keywords match without regard to case. */
function spelled(random, keyword) {
  return random.chance(0.05) ? keyword.toUpperCase() : keyword;
}

function list(random, inner) {
  return seq(Array.from({ length: random.below(4) }, inner));
}

function object(generator, inner) {
  const { random } = generator;
  const entries = [
    ['type', scalar('object')],
    [
      'properties',
      map([
        [generator.key(), inner()],
        [generator.key(), inner()],
      ]),
    ],
  ];
  if (random.chance(0.5)) entries.push(['required', seq([scalar(random.pick(KEYS))])]);
  if (random.chance(0.2))
    entries.push(['dependentRequired', map([[random.pick(KEYS), seq([scalar(random.pick(KEYS))])]])]);
  if (random.chance(0.3)) entries.push(['additionalProperties', random.chance(0.5) ? inner() : scalar('false')]);
  return map(entries);
}
