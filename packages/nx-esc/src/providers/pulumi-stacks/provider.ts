import {
  type ExportedValue,
  entriesOf,
  type Provider,
  ProviderFault,
  type Range,
  type Schema,
  schemaOfData,
  toData,
  unknown,
} from 'esc-eval';
import { parseStackName, shortStackName, STACK_REFERENCE_PATTERN, type StackName } from '../../pulumi/stack-name';
import type { StackOutputs, StackOutputsReader } from './stack-outputs';

const INPUTS: Schema = schemaOfData(
  toData({
    type: 'object',
    properties: {
      stacks: {
        type: 'object',
        additionalProperties: {
          type: 'object',
          properties: { stack: { type: 'string', pattern: STACK_REFERENCE_PATTERN } },
          required: ['stack'],
        },
      },
    },
    required: ['stacks'],
  }),
);
const OUTPUTS: Schema = schemaOfData(
  toData({ type: 'object', additionalProperties: { type: 'object', additionalProperties: true } }),
);

export interface PulumiStacksOptions {
  readonly reader: StackOutputsReader;
  /** Stacks that are about to be deployed for the first time: their outputs are unknown instead of an error. */
  readonly undeployedStacks: readonly string[];
  /** Told of each stack that was read, by the range of its entry. */
  readonly onStack?: (stack: {
    readonly key: string;
    readonly name: string;
    readonly outputs: readonly string[];
  }) => void;
}

/** `fn::open::pulumi-stacks`: the outputs of deployed stacks, read side by side. */
export function createPulumiStacksProvider(options: PulumiStacksOptions): Provider {
  return {
    inputs: INPUTS,
    outputs: OUTPUTS,
    async open(inputs) {
      const stacks = entriesOf(entriesOf(inputs).get('stacks'));
      const entries = [...stacks].map(async ([key, entry]) => [key, await openStack(key, entry, options)] as const);
      return new Map(await Promise.all(entries));
    },
  };
}

async function openStack(key: string, entry: ExportedValue, options: PulumiStacksOptions): Promise<unknown> {
  const reference = entriesOf(entry).get('stack') as ExportedValue;
  const name = parseStackName(reference.value as string) as StackName;
  const range = reference.trace.def;
  const result = await options.reader.read(name);
  if (result.state === 'deployed') {
    options.onStack?.({ key, name: shortStackName(name), outputs: [...result.outputs.keys()] });
    return result.outputs;
  }
  if (options.undeployedStacks.includes(shortStackName(name))) return unknown();
  throw missingStack(result, name, range);
}

function missingStack({ state }: StackOutputs, name: StackName, range: Range): ProviderFault {
  const id = shortStackName(name);
  const hint = `deploy it first: nx run ${name.project}:deploy --env=${name.stack}`;
  return state === 'missing'
    ? new ProviderFault(`there is no stack "${id}" in the state backend`, { range, hint })
    : new ProviderFault(`stack "${id}" exists but has not been deployed`, { range, hint });
}
