import { rotationsIn } from './case-paths.mjs';
import { printDocument } from './document.mjs';
import { generateFragments } from './fragments.mjs';
import { Generator } from './generator.mjs';
import { Random } from './random.mjs';
import { ENVIRONMENTS, FRAGMENTS } from './vocabulary.mjs';

const DEPTH = 4;
const ROOT_NAMES = ['one', 'p/e', '<yaml>', 'fuzz', 'ünï/日本', 'a b', 'nope'];
const ODD_PATHS = ['values.a', 'a', 'values.b', 'b', 'foo.bar', '["a"]', 'a[0]', 'a["foo bar"]', ''];

/**
 * Makes a case from a seed: an environment, those that it may import, and options of the run. `files` maps names to
 * documents; every construct of the language comes up, well used and badly used. Some cases are texts of any pieces.
 */
export function generateCase(seed) {
  const random = new Random(seed);
  if (random.chance(0.2)) return { files: { env: generateFragments(random) }, overrides: {} };
  const generator = new Generator(random);
  const files = { env: generator.document(ENVIRONMENTS, DEPTH) };
  for (const name of ENVIRONMENTS) {
    if (random.chance(0.6)) files[name] = generator.document([...ENVIRONMENTS, 'env'], DEPTH - 1);
  }
  const overrides = generateOverrides(random, files.env);
  if (random.chance(0.15)) files.env = damage(Buffer.from(printDocument(files.env)), random);
  return { files, overrides };
}

/** Options of a run; rotations, where there are any, are often run. */
export function generateOverrides(random, document) {
  const overrides = {};
  if (random.chance(0.2)) overrides.showSecrets = true;
  if (random.chance(0.1)) overrides.rootEnvironment = random.pick(ROOT_NAMES);
  const rotations = rotationsIn(document);
  if (random.chance(rotations.length > 0 ? 0.7 : 0.05)) overrides.rotate = true;
  if (overrides.rotate && random.chance(0.4))
    overrides.rotatePaths = [random.pick([...rotations, ...rotations, ...ODD_PATHS])];
  return overrides;
}

/** Damages a text in a few places: what is left may be no YAML, and no UTF-8. */
export function damage(bytes, random) {
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
