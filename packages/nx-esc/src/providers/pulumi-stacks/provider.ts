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
import type { SignIn, StackOutputs, StackOutputsReader } from './stack-outputs';

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

/** Names of the outputs that a stack is known to have, and no others; undefined where that is not known. */
export type KnownOutputs = (stack: StackName) => readonly string[] | undefined;

export interface PulumiStacksOptions {
  /** For checks, which read no state. */
  readonly knownOutputs?: KnownOutputs;
  readonly reader: StackOutputsReader;
  readonly signIn?: SignIn;
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
    ...createStackPreview(options),
    async open(inputs) {
      const stacks = entriesOf(entriesOf(inputs).get('stacks'));
      const entries = [...stacks].map(async ([key, entry]) => [key, await openStack(key, entry, options)] as const);
      return new Map(await Promise.all(entries));
    },
  };
}

type PreviewOptions = Pick<PulumiStacksOptions, 'knownOutputs' | 'onStack'>;

/** What can be said of the outputs of stacks without reading any. */
export function createStackPreview(options: PreviewOptions): Required<Omit<Provider, 'open'>> {
  return { inputs: INPUTS, outputs: OUTPUTS, preview: (inputs) => previewStacks(inputs, options) };
}

function previewStacks(inputs: ExportedValue, options: PreviewOptions): unknown {
  const stacks = entriesOf(entriesOf(inputs).get('stacks'));
  return new Map([...stacks].map(([key, entry]) => [key, previewStack(key, entry, options)] as const));
}

function previewStack(key: string, entry: ExportedValue, { knownOutputs, onStack }: PreviewOptions): unknown {
  const reference = entriesOf(entry).get('stack');
  const name = typeof reference?.value === 'string' ? parseStackName(reference.value) : undefined;
  if (name === undefined) return unknown(reference?.symbol);
  const symbol = `stack ${shortStackName(name)}`;
  const outputs = knownOutputs?.(name);
  if (outputs === undefined) return unknown(symbol);
  onStack?.({ key, name: shortStackName(name), outputs });
  return new Map(outputs.map((output) => [output, unknown(`${symbol}[${JSON.stringify(output)}]`)]));
}

async function openStack(key: string, entry: ExportedValue, options: PulumiStacksOptions): Promise<unknown> {
  const reference = entriesOf(entry).get('stack') as ExportedValue;
  const name = parseStackName(reference.value as string) as StackName;
  const range = reference.trace.def;
  const result = await options.reader.read(name, options.signIn);
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
