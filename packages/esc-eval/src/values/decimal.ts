/** A number of any size as `digits · 10^exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const DECIMAL = /^([-+]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([-+]?[0-9]+))?$/;
const LARGEST_EXPONENT = 10_000;

function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const magnitude = Number(exponent);
  if (whole + fraction === '' || Math.abs(magnitude) > LARGEST_EXPONENT) return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, exponent: magnitude - fraction.length };
}

function align(a: Decimal, b: Decimal): [bigint, bigint] {
  const exponent = Math.min(a.exponent, b.exponent);
  const scale = (decimal: Decimal): bigint => decimal.digits * 10n ** BigInt(decimal.exponent - exponent);
  return [scale(a), scale(b)];
}

/** Compares two decimal texts exactly; undefined where one of them is no finite number. */
export function compareDecimals(a: string, b: string): number | undefined {
  const left = parseDecimal(a);
  const right = parseDecimal(b);
  if (left === undefined || right === undefined) return undefined;
  const [x, y] = align(left, right);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Tells whether a number is a whole multiple of another. */
export function isMultipleOf(value: string, step: string): boolean {
  const left = parseDecimal(value);
  const right = parseDecimal(step);
  if (left === undefined || right === undefined || right.digits === 0n) return false;
  const [x, y] = align(left, right);
  return x % y === 0n;
}
