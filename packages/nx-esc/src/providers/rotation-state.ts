import { entriesOf, type ExportedValue, ProviderFault, type Rotator, schemaOfData, secret, toData } from 'esc-eval';

/** Keys whose values are credentials wherever they stand in a state. */
const CREDENTIALS = /^(?:password|secretAccessKey|secretValue|privateKey)$/;

/**
 * What a rotator answers to an environment that is opened: its state, with all credentials marked as secret, also those
 * that someone wrote into the text as they are.
 *
 * @throws ProviderFault where the secret has not been rotated yet
 */
export function openState(
  state: ExportedValue | null,
  secretKeys: readonly string[] = [],
): ReadonlyMap<string, unknown> {
  if (state === null)
    throw new ProviderFault('the secret has not been rotated yet', { hint: 'rotate it: nx-esc rotate' });
  return new Map(
    [...entriesOf(state)].map(([key, value]) => {
      const output = outputOf(value);
      return [key, secretKeys.includes(key) ? secret(output) : output];
    }),
  );
}

/** Passes a part of a state on, with its flags. */
export function outputOf({ value, secret: isSecret }: ExportedValue): unknown {
  const output = Array.isArray(value)
    ? (value as readonly ExportedValue[]).map(outputOf)
    : value instanceof Map
      ? new Map(
          [...(value as ReadonlyMap<string, ExportedValue>)].map(([key, item]) => {
            const part = outputOf(item);
            return [key, CREDENTIALS.test(key) ? secret(part) : part];
          }),
        )
      : value;
  return isSecret === true ? secret(output) : output;
}

const TEXT_STATE = schemaOfData(
  toData({ type: 'object', properties: { current: { type: 'string' }, previous: { type: 'string' } } }),
);

/** A rotator whose state is a generated text, and the one before it. */
export function createTextRotator(
  inputs: object,
  generate: (inputs: ExportedValue) => string | Promise<string>,
): Rotator {
  return {
    inputs: schemaOfData(toData(inputs)),
    state: TEXT_STATE,
    outputs: TEXT_STATE,
    open: (_inputs, state) => openState(state, ['current', 'previous']),
    async rotate(given, state) {
      const current = state === null ? undefined : entriesOf(state).get('current');
      return {
        current: secret(await generate(given)),
        ...(current !== undefined && { previous: secret(outputOf(current)) }),
      };
    },
  };
}
