/** What a plain scalar means to go-yaml (language reference, section 2.1). */
export type ResolvedScalar =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string; readonly isInteger: boolean }
  | { readonly kind: 'string' };

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const BOOLEANS = new Map([
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
]);
const INFINITIES = new Map([
  ['.inf', '+Inf'],
  ['.Inf', '+Inf'],
  ['.INF', '+Inf'],
  ['+.inf', '+Inf'],
  ['+.Inf', '+Inf'],
  ['+.INF', '+Inf'],
  ['-.inf', '-Inf'],
  ['-.Inf', '-Inf'],
  ['-.INF', '-Inf'],
  ['.nan', 'NaN'],
  ['.NaN', 'NaN'],
  ['.NAN', 'NaN'],
]);
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0x([0-9a-fA-F]+)|0b([01]+)|0o?([0-7]+)|([1-9][0-9]*|0))$/i;
const MAX_UINT64 = (1n << 64n) - 1n;
const MIN_INT64 = -(1n << 63n);

const STRING: ResolvedScalar = { kind: 'string' };

/** Resolves the text of a plain, untagged scalar. */
export function resolvePlainScalar(text: string): ResolvedScalar {
  if (NULLS.has(text)) return { kind: 'null' };
  const boolean = BOOLEANS.get(text);
  if (boolean !== undefined) return { kind: 'boolean', value: boolean };
  return resolveNumber(text) ?? STRING;
}

const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

/** Tells whether a text is a date, or a date and time, that go-yaml reads. */
export function isTimestamp(text: string): boolean {
  const [year = 0, month = 0, day = 0, ...time] = (TIMESTAMP.exec(text) ?? []).slice(1).map(Number);
  if (month === 0 || new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day || month > 12) return false;
  const [hour = 0, minute = 0, second = 0] = time.filter((number) => !Number.isNaN(number));
  return hour < 24 && minute < 60 && second < 60;
}

/** Resolves a text as a number, or answers undefined. */
function resolveNumber(text: string): (ResolvedScalar & { kind: 'number' }) | undefined {
  const special = INFINITIES.get(text);
  if (special !== undefined) return { kind: 'number', text: special, isInteger: false };
  if (!/^[-+.0-9]/.test(text)) return undefined;
  const digits = text.replaceAll('_', '');
  const integer = resolveInteger(digits);
  if (integer !== undefined) return { kind: 'number', text: integer, isInteger: true };
  if (!FLOAT.test(digits)) return undefined;
  const value = Number(digits);
  // What no double can hold stays a string.
  if (!Number.isFinite(value)) return undefined;
  return { kind: 'number', text: formatDouble(value), isInteger: false };
}

function resolveInteger(digits: string): string | undefined {
  const match = INTEGER.exec(digits);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const magnitude =
    hex !== undefined
      ? BigInt(`0x${hex}`)
      : binary !== undefined
        ? BigInt(`0b${binary}`)
        : octal !== undefined
          ? BigInt(`0o${octal}`)
          : BigInt(decimal as string);
  const value = sign === '-' ? -magnitude : magnitude;
  return value > MAX_UINT64 || value < MIN_INT64 ? undefined : value.toString();
}

/** Prints a double as Go's `strconv.FormatFloat(v, 'g', -1, 64)` with its exponent threshold of 6 (section 2.2). */
export function formatDouble(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  if (Number.isNaN(value)) return 'NaN';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace('-', '').replace('.', '');
  const text = exponent < -4 || exponent >= 6 ? scientific(digits, exponent) : plain(digits, exponent);
  return negative ? `-${text}` : text;
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0');
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}
