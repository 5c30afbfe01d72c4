/** A number of any size as `digits · 10^exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** A number as the reference computes with it: `mantissa · 2^exponent`, of 64 significant bits. Zero has no bits. */
interface Binary {
  readonly isNegative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
}

const DECIMAL = /^([-+]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([-+]?[0-9]+))?$/;
/** Beyond, the size of a number is estimated. */
const LARGEST_EXPONENT = 10_000;
const BITS_PER_DIGIT = Math.log2(10);
const PRECISION = 64;
const FULL = 1n << BigInt(PRECISION);

function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole + fraction === '') return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length };
}

function parseBinary(text: string): Binary | undefined {
  const decimal = parseDecimal(text);
  if (decimal === undefined) return undefined;
  const { digits, exponent } = decimal;
  const isNegative = digits < 0n;
  const magnitude = isNegative ? -digits : digits;
  if (magnitude === 0n) return { isNegative: false, mantissa: 0n, exponent: 0 };
  if (Math.abs(exponent) > LARGEST_EXPONENT) {
    const size = (magnitude.toString().length + exponent) * BITS_PER_DIGIT;
    return { isNegative, mantissa: FULL >> 1n, exponent: Math.round(size) };
  }
  const power = 10n ** BigInt(Math.abs(exponent));
  const rounded = exponent < 0 ? roundFraction(magnitude, power) : roundFraction(magnitude * power, 1n);
  return { isNegative, ...rounded };
}

/** A fraction as the nearest number of 64 significant bits; of two as near, the even one. */
function roundFraction(numerator: bigint, denominator: bigint): Omit<Binary, 'isNegative'> {
  // Two bits more than are kept, at least.
  const shift = PRECISION + 2 - (bitLength(numerator) - bitLength(denominator));
  const scaled = shift > 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift < 0 ? denominator << BigInt(-shift) : denominator;
  const quotient = scaled / divisor;
  const excess = bitLength(quotient) - PRECISION;
  const half = 1n << BigInt(excess - 1);
  const rest = quotient & ((half << 1n) - 1n);
  let mantissa = quotient >> BigInt(excess);
  const isExact = quotient * divisor === scaled;
  if (rest > half || (rest === half && (!isExact || (mantissa & 1n) === 1n))) mantissa += 1n;
  const exponent = excess - shift;
  return mantissa === FULL ? { mantissa: FULL >> 1n, exponent: exponent + 1 } : { mantissa, exponent };
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

/** Compares two decimal texts as numbers of 64 bits; undefined where one of them is no finite number. */
export function compareDecimals(a: string, b: string): number | undefined {
  const left = parseBinary(a);
  const right = parseBinary(b);
  if (left === undefined || right === undefined) return undefined;
  const [leftSign, rightSign] = [signOf(left), signOf(right)];
  if (leftSign !== rightSign || leftSign === 0) return Math.sign(leftSign - rightSign);
  if (left.exponent !== right.exponent) return left.exponent < right.exponent ? -leftSign : leftSign;
  if (left.mantissa === right.mantissa) return 0;
  return left.mantissa < right.mantissa ? -leftSign : leftSign;
}

function signOf({ isNegative, mantissa }: Binary): number {
  if (mantissa === 0n) return 0;
  return isNegative ? -1 : 1;
}

/** Tells whether a number is a whole multiple of another, by a quotient of 64 bits (language reference, section 14.1). */
export function isMultipleOf(value: string, step: string): boolean {
  const left = parseBinary(value);
  const right = parseBinary(step);
  if (left === undefined || right === undefined || right.mantissa === 0n) return false;
  if (left.mantissa === 0n) return true;
  const { mantissa, exponent } = roundFraction(left.mantissa, right.mantissa);
  const places = -(exponent + left.exponent - right.exponent);
  if (places > PRECISION) return false;
  return places <= 0 || (mantissa & ((1n << BigInt(places)) - 1n)) === 0n;
}
