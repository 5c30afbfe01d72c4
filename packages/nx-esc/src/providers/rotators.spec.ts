import { type ExportedValue, type ProviderExecutionContext, toData } from 'esc-eval';
import { loadRotator } from './rotators';

const CONTEXT: ProviderExecutionContext = { currentEnvironment: 'a/b', rootEnvironment: 'a/b', values: {} };
const OPTIONS = { signal: new AbortController().signal };
const TRACE = { def: { begin: { line: 0, column: 0, byte: 0 }, end: { line: 0, column: 0, byte: 0 } } };

function exported(data: unknown): ExportedValue {
  const of = (value: ReturnType<typeof toData>): ExportedValue => ({
    value: Array.isArray(value)
      ? value.map(of)
      : value instanceof Map
        ? new Map([...(value as Map<string, ReturnType<typeof toData>>)].map(([key, item]) => [key, of(item)]))
        : (value as string),
    trace: TRACE,
  });
  return of(toData(data));
}

type Marked = Readonly<Record<string, { readonly value: string } | undefined>>;

const rotate = async (name: string, inputs: unknown, state: unknown = null): Promise<Marked> =>
  (await loadRotator(name).rotate(
    exported(inputs),
    state === null ? null : exported(state),
    CONTEXT,
    OPTIONS,
  )) as Marked;
const valueOf = (marked: Marked[string]): string => (marked as { readonly value: string }).value;

describe('password', () => {
  test.each([
    ['of 16 characters unless said', {}, /^[\w!@#$%&*()\-=+[\]{}<>:?]{16}$/],
    ['of a length', { length: 100 }, /^.{100}$/],
    ['of letters alone', { numeric: false, special: false, length: 60 }, /^[A-Za-z]{60}$/],
    [
      'with a minimum of each class',
      { length: 8, minLower: 2, minUpper: 2, minNumeric: 2, minSpecial: 2 },
      /^(?=(?:.*[a-z]){2})(?=(?:.*[A-Z]){2})(?=(?:.*\d){2})(?=(?:.*[^\w]|.*_){2}).{8}$/,
    ],
    [
      'of other special characters',
      { lower: false, upper: false, numeric: false, overrideSpecial: 'é~' },
      /^[é~]{16}$/,
    ],
  ])('%s', async (_name, inputs, pattern) => {
    for (let round = 0; round < 20; round += 1)
      expect(valueOf((await rotate('password', inputs)).current)).toMatch(pattern);
  });

  test('keeps the one before', async () => {
    const state = await rotate('password', {}, { current: 'b', previous: 'a' });
    expect(valueOf(state.previous)).toBe('b');
    expect(valueOf(state.current)).not.toBe('b');
  });

  test.each([
    [{ length: 8, minLower: 5, minUpper: 5 }, 'the minimums add up to 10'],
    [{ lower: false, upper: false, numeric: false, special: false }, 'at least one class'],
    [{ length: 8.5 }, 'whole numbers'],
  ])('refuses %j', async (inputs, message) => {
    await expect(rotate('password', inputs)).rejects.toThrow(message);
  });
});

test('passphrase: words, joined and capitalised as asked', async () => {
  expect(valueOf((await rotate('passphrase', {})).current)).toMatch(/^[a-z]+(?:-[a-z]+){4}$/);
  expect(valueOf((await rotate('passphrase', { length: 3, separator: '.', capitalize: true })).current)).toMatch(
    /^[A-Z][a-z]+(?:\.[A-Z][a-z]+){2}$/,
  );
});

test('what only Pulumi Cloud can rotate opens here, with its credentials secret', () => {
  const postgres = loadRotator('postgres');
  const state = exported({ current: { username: 'u', password: 'p' } });
  const opened = postgres.open(exported({}), state, CONTEXT, OPTIONS) as Map<string, Map<string, unknown>>;
  expect(opened.get('current')?.get('username')).toBe('u');
  expect(opened.get('current')?.get('password')).toMatchObject({ value: 'p' });
  expect(() => postgres.rotate(exported({}), state, CONTEXT, OPTIONS)).toThrow('is not available on the local backend');
  expect(() => loadRotator('nope')).toThrow('unknown rotator "nope"');
  expect(() => loadRotator('constructor')).toThrow('unknown rotator "constructor"');
});

test('a secret that has not been rotated yet says so', () => {
  expect(() => loadRotator('password').open(exported({}), null, CONTEXT, OPTIONS)).toThrow('has not been rotated yet');
});
