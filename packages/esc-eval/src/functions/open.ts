import type { Range } from '../diagnostics/range';
import type { Definition } from '../values/definition';
import type { Expression, FunctionCall } from '../language/ast';
import { ALWAYS, recordSchema, type Schema, STRING } from '../values/schema';
import { compileSchema, SchemaError } from '../values/schema-compiler';
import { contentsOf } from '../values/contents';
import type { Value } from '../values/value';
import { valueOfOutput } from '../values/provider-output';
import type { Argument, BuiltinFunction, Call, OperandName, ReportShape } from './function';
import { readOperands } from './operands';
import type { Provider } from './provider';
import { unknownResult } from './results';
import { readSingle } from './text-functions';

const LONG_ARGUMENT = recordSchema(
  new Map([
    ['provider', STRING],
    ['inputs', ALWAYS],
  ]),
);
const SHORT_PREFIX = 'fn::open::';

/** `fn::open: {provider, inputs}` (language reference, section 12.4) */
export const open: BuiltinFunction = {
  schema: ALWAYS,
  argumentSchema: LONG_ARGUMENT,
  readArgument(call: FunctionCall, report: ReportShape): Argument {
    const operands = readOperands(call.argument, ['provider', 'inputs']);
    if (operands === undefined) {
      report("the argument to fn::open must be an object containing 'provider' and 'inputs'", call.argument);
      return {
        shape: 'object',
        operands: new Map([
          ['provider', null],
          ['inputs', null],
        ]),
      };
    }
    requireProviderName(call, operands, report);
    requireInputs(call, operands, report);
    return { shape: 'object', operands };
  },
  evaluate(call: Call): Value {
    const provider = call.operandSyntax('provider');
    call.argumentSchema = LONG_ARGUMENT;
    return openProvider(call, provider?.kind === 'string' ? provider.value : undefined, 'inputs', (inputs) =>
      recordSchema(
        new Map([
          ['provider', STRING],
          ['inputs', inputs],
        ]),
      ),
    );
  },
};

/** `fn::open::NAME: inputs` */
export const openShort: BuiltinFunction = {
  schema: ALWAYS,
  argumentSchema: ALWAYS,
  readArgument: readSingle,
  evaluate(call: Call): Value {
    return openProvider(call, call.syntax.name.slice(SHORT_PREFIX.length), 0, (inputs) => inputs);
  },
};

type Operands = Map<string, Expression | null>;

/** Reports a provider that is missing or no string literal; the operand then counts as missing. */
export function requireProviderName(call: FunctionCall, operands: Operands, report: ReportShape): void {
  const provider = operands.get('provider') ?? null;
  if (provider === null) report("missing provider name ('provider')", call.argument);
  else if (provider.kind !== 'string') {
    report('provider name must be a string literal', provider);
    operands.set('provider', null);
  }
}

export function requireInputs(call: FunctionCall, operands: Operands, report: ReportShape): void {
  if (operands.get('inputs') === null) report("missing provider inputs ('inputs')", call.argument);
}

function openProvider(
  call: Call,
  name: string | undefined,
  operand: OperandName,
  describe: (inputs: Schema) => Schema,
): Value {
  if (name === undefined) return unknownResult(call, ALWAYS);
  const provider = loadProvider(call, name);
  call.argumentSchema = describe(provider?.inputs ?? ALWAYS);
  call.schema = provider?.outputs ?? ALWAYS;
  const inputs = call.typed(operand, provider?.inputs ?? ALWAYS);
  if (provider === undefined || inputs === undefined) return unknownResult(call);
  if (call.mode === 'check') return previewProvider(call, provider, inputs);
  const contents = contentsOf(inputs);
  if (contents.pending) call.deferUntilAnswered();
  if (contents.unknown || contents.pending) return unknownResult(call, call.schema, contents.pending);
  if (!inputs.isMap) {
    call.fail('provider-failed', `the inputs of a provider must be an object`, call.operand(operand));
    return unknownResult(call);
  }
  const exported = call.exportInputs(inputs);
  const answer = call.ask('open', (signal) => provider.open(exported, call.context, { signal }));
  if (answer.state === 'pending') return unknownResult(call, call.schema, true);
  if (answer.state === 'failed') {
    call.fail('provider-failed', answer.message, faultSite(call, answer.range), answer.hint);
    return unknownResult(call);
  }
  return valueOfOutput(answer.value, call.definition);
}

type LoadedProvider = Pick<Provider, 'inputs' | 'outputs' | 'open'> & Required<Pick<Provider, 'preview'>>;

function previewProvider(call: Call, provider: LoadedProvider, inputs: Value): Value {
  if (inputs.unknown || !inputs.isMap) return unknownResult(call);
  const output = provider.preview(call.exportInputs(inputs));
  return output === undefined ? unknownResult(call) : valueOfOutput(output, call.definition);
}

function loadProvider(call: Call, name: string): LoadedProvider | undefined {
  const provider = call.provider(name);
  if (provider instanceof Error) {
    call.fail('unknown-provider', provider.message);
    return undefined;
  }
  const inputs = compilePart(call, provider.inputs, 'input schema');
  const outputs = compilePart(call, provider.outputs, 'schema');
  if (inputs === undefined || outputs === undefined) return undefined;
  return {
    inputs,
    outputs,
    open: (...request) => provider.open(...request),
    preview: (...request) => provider.preview?.(...request),
  };
}

/** Where a provider says that the fault is, or the call. */
export function faultSite(call: Call, range: Range | undefined): Definition {
  return range === undefined ? call.definition : { range, path: call.path };
}

/** Compiles a schema of a provider; one that is no schema is a fault of the provider's. */
export function compilePart(call: Call, schema: Schema, name: string): Schema | undefined {
  try {
    return compileSchema(schema);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    call.fail('internal', `internal error: invalid ${name} (${error.message})`);
    return undefined;
  }
}
