import type { Provider, Rotator } from '../functions/provider';
import type { ExportedValue } from '../values/exported-value';
import { outputOfExported, secret } from '../values/provider-output';
import { ALWAYS, recordSchema, type Schema, STRING } from '../values/schema';
import { EVERY_KEYWORD } from './test-schema';

type Properties = ReadonlyMap<string, ExportedValue>;

const propertyOf = (exported: ExportedValue | null, key: string): ExportedValue | undefined =>
  exported?.value instanceof Map ? (exported.value as Properties).get(key) : undefined;
const textOf = (exported: ExportedValue | undefined): string | null => (exported?.value as string | undefined) ?? null;

const passOn = (exported: ExportedValue | undefined): unknown =>
  exported === undefined ? null : outputOfExported(exported);

/** Passes an object on as the reference's providers get it: a map, which has no flags itself. */
const contentsOf = (exported: ExportedValue): unknown => outputOfExported({ ...exported, secret: false });

/** Wraps answers so that a test can have them wait. */
export type Delay = <T>(answer: () => T) => T | Promise<T>;

const AT_ONCE: Delay = (answer) => answer();

/** The providers of the conformance suite: `test`, `error`, `secret-wrapper`, `schema` and `bench`. */
export function createTestProviders(delay: Delay = AT_ONCE): ReadonlyMap<string, Provider> {
  const echo: Provider = {
    inputs: ALWAYS,
    outputs: ALWAYS,
    open: (inputs) => delay(() => contentsOf(inputs)),
  };
  return new Map<string, Provider>([
    ['test', echo],
    ['bench', echo],
    ['schema', { ...echo, inputs: EVERY_KEYWORD, outputs: EVERY_KEYWORD }],
    ['secret-wrapper', { ...echo, open: (inputs) => delay(() => secret(contentsOf(inputs))) }],
    [
      'error',
      {
        inputs: recordSchema(new Map([['why', STRING]])),
        outputs: ALWAYS,
        open: (inputs) =>
          delay(() => {
            throw new Error(textOf(propertyOf(inputs, 'why')) ?? '');
          }),
      },
    ],
  ]);
}

const SWAP_STATE = recordSchema(
  new Map([
    ['a', STRING],
    ['b', STRING],
  ]),
);
const ECHO_STATE: Schema = {
  type: 'object',
  properties: new Map([
    ['current', STRING],
    ['previous', STRING],
  ]),
  required: ['current'],
};

const stateOutput = (state: ExportedValue | null): unknown => (state === null ? {} : contentsOf(state));

/** The rotators of the conformance suite: `swap` and `echo`. */
export const TEST_ROTATORS: ReadonlyMap<string, Rotator> = new Map<string, Rotator>([
  [
    'swap',
    {
      inputs: ALWAYS,
      state: SWAP_STATE,
      outputs: SWAP_STATE,
      open: (_inputs, state) => stateOutput(state),
      rotate: (_inputs, state) => ({ a: passOn(propertyOf(state, 'b')), b: passOn(propertyOf(state, 'a')) }),
    },
  ],
  [
    'echo',
    {
      inputs: { ...recordSchema(new Map([['next', STRING]])), rotateOnly: ['next'] },
      state: ECHO_STATE,
      outputs: ECHO_STATE,
      open(inputs, state) {
        const next = propertyOf(inputs, 'next');
        if (next !== undefined && !next.unknown && textOf(next) !== textOf(propertyOf(state, 'current'))) {
          throw new Error('oh no! inputs were evaluated outside of rotation');
        }
        return stateOutput(state);
      },
      rotate(inputs, state) {
        const next = propertyOf(inputs, 'next');
        if (next === undefined || next.unknown)
          throw new Error('oh no! rotateOnly inputs were not evaluated during rotation');
        return { current: passOn(next), previous: passOn(propertyOf(state, 'current')) };
      },
    },
  ],
]);
