import type { Data } from './data';
import { EscNumber } from './number';
import { isSimpleKey, writeYamlScalar } from './yaml-scalar';

/**
 * Writes data as YAML the way go-yaml does: keys in natural order, numbers as quoted strings, and quotes where a plain
 * scalar would be read as something else (language reference, sections 18.2 and 20).
 */
export function writeYaml(data: Data, indent: number): string {
  const step = ' '.repeat(indent);
  return `${isNested(data) ? block(data, step, '') : leaf(data, step, step)}\n`;
}

function isNested(data: Data): boolean {
  return (Array.isArray(data) && data.length > 0) || (data instanceof Map && data.size > 0);
}

/** Writes a collection; its first line stands where the text is put, the others begin with `margin`. */
function block(data: Data, step: string, margin: string): string {
  const lines = Array.isArray(data)
    ? items(data, step, margin)
    : entries(data as ReadonlyMap<string, Data>, step, margin);
  return lines.join(`\n${margin}`);
}

function items(data: readonly Data[], step: string, margin: string): string[] {
  return data.map((item) => `- ${isNested(item) ? block(item, step, `${margin}  `) : leaf(item, step, `${margin}  `)}`);
}

function entries(data: ReadonlyMap<string, Data>, step: string, margin: string): string[] {
  const inner = innerMargin(margin, step);
  return [...data.keys()].sort(compareNaturally).map((key) => {
    const value = data.get(key) as Data;
    if (!isSimpleKey(key)) return complexEntry(key, value, step, margin);
    const written = isNested(value) ? `\n${inner}${block(value, step, inner)}` : ` ${leaf(value, step, inner)}`;
    return `${writeYamlScalar(key, { place: 'key' })}:${written}`;
  });
}

/** What is in a mapping stands at a multiple of the step, also where the mapping itself does not, after a `- `. */
function innerMargin(margin: string, step: string): string {
  return step.repeat(Math.floor(margin.length / step.length) + 1);
}

/** An entry whose key is no simple one. */
function complexEntry(key: string, value: Data, step: string, margin: string): string {
  const inner = innerMargin(margin, step);
  const written = isNested(value)
    ? inner.slice(margin.length + 1) + block(value, step, inner)
    : ` ${leaf(value, step, inner)}`;
  return `? ${leaf(key, step, inner)}\n${margin}:${written}`;
}

function leaf(data: Data, step: string, margin: string): string {
  if (data === null) return 'null';
  if (typeof data === 'boolean') return String(data);
  if (data instanceof EscNumber) return `"${data.text}"`;
  if (Array.isArray(data)) return '[]';
  return data instanceof Map ? '{}' : writeYamlScalar(data as string, { place: 'block', margin, indent: step.length });
}

const isLetter = (character: string): boolean => /\p{L}/u.test(character);
const isDigit = (character: string): boolean => /\p{Nd}/u.test(character);

/** Orders keys as go-yaml does: letters after other characters, and runs of digits by their numbers. */
export function compareNaturally(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  let digitsBefore = false;
  for (let index = 0; index < left.length && index < right.length; index += 1) {
    const x = left[index] as string;
    const y = right[index] as string;
    if (x === y) {
      digitsBefore = isDigit(x);
      continue;
    }
    if (isLetter(x) && isLetter(y)) return compareCodePoints(x, y);
    if (isLetter(x) || isLetter(y)) {
      if (digitsBefore) return isLetter(x) ? -1 : 1;
      return isLetter(x) ? 1 : -1;
    }
    const continuesNumber = (x === '0' || y === '0') && endsInNonZeroNumber(left.slice(0, index));
    const leftRun = readDigits(left, index, continuesNumber);
    const rightRun = readDigits(right, index, continuesNumber);
    if (leftRun.number !== rightRun.number) return leftRun.number < rightRun.number ? -1 : 1;
    return leftRun.end - rightRun.end || compareCodePoints(x, y);
  }
  return left.length - right.length;
}

function endsInNonZeroNumber(characters: readonly string[]): boolean {
  const start = characters.findLastIndex((character) => !isDigit(character)) + 1;
  return characters.slice(start).some((digit) => digit !== '0');
}

/** Reads a run of digits; one that continues a number counts with a 1 before it, so that its zeros do. */
function readDigits(
  characters: readonly string[],
  start: number,
  continuesNumber: boolean,
): { readonly number: bigint; readonly end: number } {
  let number = continuesNumber ? 1n : 0n;
  let end = start;
  for (; end < characters.length && isDigit(characters[end] as string); end += 1) {
    number = BigInt.asIntN(64, number * 10n + BigInt(((characters[end] as string).codePointAt(0) as number) - 0x30));
  }
  return { number, end };
}

function compareCodePoints(a: string, b: string): number {
  return (a.codePointAt(0) as number) - (b.codePointAt(0) as number);
}
