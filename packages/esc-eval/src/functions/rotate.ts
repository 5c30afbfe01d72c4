import { createSyntheticRange } from '../diagnostics/range';
import type { Expression, FunctionCall } from '../language/ast';
import { joinKey } from '../language/property-path';
import type { ExportedValue } from '../values/exported-value';
import { exportOutput, valueOfOutput } from '../values/provider-output';
import { ALWAYS, recordSchema, type Schema, STRING } from '../values/schema';
import { contentsOf } from '../values/contents';
import type { Value } from '../values/value';
import type { Argument, BuiltinFunction, Call, ReportShape, RotationOutcome } from './function';
import { compilePart, faultSite, requireInputs, requireProviderName } from './open';
import { readOperands } from './operands';
import type { Rotator } from './provider';
import { unknownResult } from './results';

const SHORT_PREFIX = 'fn::rotate::';
const NULL: Schema = { type: 'null' };
/** A state that is not there counts as null. */
const NO_STATE: Expression = { kind: 'null', range: createSyntheticRange(), path: '' };

/** `fn::rotate: {provider, inputs, state}` (language reference, section 15.4) */
export const rotate: BuiltinFunction = createRotate(
  ['provider', 'inputs', 'state'],
  "the argument to fn::rotate must be an object containing 'provider', 'inputs' and 'state'",
);

/** `fn::rotate::NAME: {inputs, state}` */
export const rotateShort: BuiltinFunction = createRotate(
  ['inputs', 'state'],
  "the argument to fn::rotate must be an object containing 'inputs' and 'state'",
);

function createRotate(names: readonly string[], shapeMessage: string): BuiltinFunction {
  const isLong = names.includes('provider');
  const describe = (inputs: Schema, state: Schema): Schema =>
    recordSchema(
      new Map<string, Schema>([
        ...(isLong ? [['provider', STRING] as const] : []),
        ['inputs', inputs],
        ['state', state],
      ]),
    );
  return {
    schema: ALWAYS,
    argumentSchema: describe(ALWAYS, ALWAYS),
    readArgument(call: FunctionCall, report: ReportShape): Argument {
      const operands = readOperands(call.argument, names);
      if (operands === undefined) {
        report(shapeMessage, call.argument);
        return { shape: 'object', operands: new Map<string, Expression | null>(names.map((name) => [name, null])) };
      }
      if (isLong) requireProviderName(call, operands, report);
      requireInputs(call, operands, report);
      requireState(operands, report);
      return { shape: 'object', operands };
    },
    evaluate(call: Call): Value {
      const provider = isLong ? call.operandSyntax('provider') : undefined;
      const name = isLong
        ? provider?.kind === 'string'
          ? provider.value
          : undefined
        : call.syntax.argument.kind === 'object'
          ? call.syntax.name.slice(SHORT_PREFIX.length)
          : undefined;
      return evaluateRotate(call, name, describe);
    },
  };
}

function requireState(operands: Map<string, Expression | null>, report: ReportShape): void {
  const state = operands.get('state') ?? null;
  if (state === null) operands.set('state', NO_STATE);
  else if (state.kind !== 'object') report('rotation state must be an object literal', state);
}

function evaluateRotate(
  call: Call,
  name: string | undefined,
  describe: (inputs: Schema, state: Schema) => Schema,
): Value {
  if (name === undefined) return unknownResult(call, ALWAYS);
  const rotator = loadRotator(call, name);
  const stateSchema: Schema = rotator === undefined ? ALWAYS : nullable(rotator.state);
  call.argumentSchema = describe(rotator?.inputs ?? ALWAYS, stateSchema);
  call.schema = rotator?.outputs ?? ALWAYS;
  const inputs = call.typed('inputs', rotator?.inputs ?? ALWAYS);
  const state = call.typed('state', stateSchema);
  const isRotating = call.mode === 'rotate' && call.isSelectedForRotation;
  const contents = inputs && contentsOf(inputs);
  const stateContents = state && contentsOf(state);
  const isPending = contents?.pending === true || stateContents?.pending === true;
  const isReady =
    rotator !== undefined &&
    contents !== undefined &&
    stateContents !== undefined &&
    !(call.mode === 'rotate' && call.isInRoot ? contents.unknown : contents.observableUnknown) &&
    !stateContents.unknown &&
    !isPending &&
    call.mode !== 'check';
  if (!isReady) {
    if (isPending) call.deferUntilAnswered();
    if (isRotating) call.recordRotation({ path: call.path, status: 'not-evaluated' });
    return unknownResult(call, call.schema, isPending);
  }
  const known = call.exportInputs(inputs as Value);
  const current = (state as Value).repr === null ? null : call.exportInputs(state as Value);
  if (!isRotating) return openRotated(call, rotator, known, current, 'open');
  return rotateSecret(call, rotator, known, current);
}

function rotateSecret(call: Call, rotator: Rotator, inputs: ExportedValue, state: ExportedValue | null): Value {
  const path = joinKey(joinKey(call.path, call.syntax.name), 'state');
  const { keepState } = call;
  const rotated = call.ask('rotate', (signal) => {
    const answer = rotator.rotate(inputs, state, call.context, { signal });
    return keepState === undefined ? answer : keep(answer, (replacement) => keepState({ path, replacement }));
  });
  if (rotated.state === 'pending') return unknownResult(call, call.schema, true);
  if (rotated.state === 'failed') {
    call.fail('rotation-failed', `rotate: ${rotated.message}`, call.definition, rotated.hint);
    call.recordRotation({ path: call.path, status: 'failed', message: rotated.message });
    return unknownResult(call);
  }
  const replacement = exportOutput(rotated.value);
  const outcome: RotationOutcome = { path: call.path, status: 'succeeded', patch: { path, replacement } };
  call.recordRotation(outcome);
  return openRotated(call, rotator, inputs, replacement, 'open rotated');
}

/** Gives a new state to be kept before anything else is done with it. */
async function keep(answer: unknown, keepState: (state: ExportedValue) => void | Promise<void>): Promise<unknown> {
  const state = await answer;
  await keepState(exportOutput(state));
  return state;
}

function openRotated(
  call: Call,
  rotator: Rotator,
  inputs: ExportedValue,
  state: ExportedValue | null,
  question: string,
): Value {
  const answer = call.ask(question, (signal) => rotator.open(inputs, state, call.context, { signal }));
  if (answer.state === 'pending') return unknownResult(call, call.schema, true);
  if (answer.state === 'done') return valueOfOutput(answer.value, call.definition);
  call.fail('provider-failed', answer.message, faultSite(call, answer.range), answer.hint);
  return unknownResult(call);
}

const nullableSchemas = new WeakMap<Schema, Schema>();

function nullable(state: Schema): Schema {
  const known = nullableSchemas.get(state);
  if (known !== undefined) return known;
  const schema: Schema = { oneOf: [state, NULL] };
  nullableSchemas.set(state, schema);
  return schema;
}

function loadRotator(call: Call, name: string): Rotator | undefined {
  const rotator = call.rotator(name);
  if (rotator instanceof Error) {
    call.fail('unknown-provider', rotator.message);
    return undefined;
  }
  const inputs = compilePart(call, rotator.inputs, 'input schema');
  const state = compilePart(call, rotator.state, 'state schema');
  const outputs = compilePart(call, rotator.outputs, 'schema');
  if (inputs === undefined || state === undefined || outputs === undefined) return undefined;
  return {
    inputs,
    state,
    outputs,
    open: (...request) => rotator.open(...request),
    rotate: (...request) => rotator.rotate(...request),
  };
}
