import type { DiagnosticCode } from '../diagnostics/codes';
import type { Range } from '../diagnostics/range';
import type { Expression, FunctionCall } from '../language/ast';
import type { Definition } from '../values/definition';
import type { ExportedValue } from '../values/exported-value';
import type { Schema } from '../values/schema';
import type { Value } from '../values/value';
import type { Provider, ProviderExecutionContext, Rotator } from './provider';

/** The operands of a call; null stands for one that is missing or of the wrong shape. */
export type Argument =
  | { readonly shape: 'single'; readonly operand: Expression | null }
  | { readonly shape: 'list'; readonly range: Range; readonly operands: readonly (Expression | null)[] }
  | { readonly shape: 'object'; readonly range?: Range; readonly operands: ReadonlyMap<string, Expression | null> };

/** Reports a fault in the shape of an argument, at a node of it. */
export type ReportShape = (summary: string, node: Expression) => void;

/** A builtin function of the language. */
export interface BuiltinFunction {
  /** What is known of its result before it is evaluated. */
  readonly schema: Schema;
  /** Reads the operands out of a call, reporting what has the wrong shape (language reference, section 7). */
  readArgument(call: FunctionCall, report: ReportShape): Argument;
  /** Describes the argument; functions whose provider decides say it by `call.argumentSchema` instead. */
  readonly argumentSchema: Schema;
  evaluate(call: Call): Value;
}

export type OperandName = string | number;

/** What the host says, if it has been heard. Asking for what has not been asked yet starts it. */
export type Answer =
  | { readonly state: 'pending' }
  | { readonly state: 'done'; readonly value: unknown }
  | { readonly state: 'failed'; readonly message: string; readonly range?: Range; readonly hint?: string };

export type EvaluationMode = 'check' | 'open' | 'rotate';

/** The outcome of rotating one secret (language reference, section 15.4). */
export interface RotationOutcome {
  readonly path: string;
  readonly status: 'succeeded' | 'failed' | 'not-evaluated';
  /** What went wrong, where it failed. */
  readonly message?: string;
  readonly patch?: RotationPatch;
}

/** A new state of a rotated secret, and its place in the document. */
export interface RotationPatch {
  readonly path: string;
  readonly replacement: ExportedValue;
}

/** A call under evaluation: the evaluator as functions see it. */
export interface Call {
  /** The call's expression, which defines its results. */
  readonly definition: Definition;
  readonly path: string;
  readonly syntax: FunctionCall;
  readonly mode: EvaluationMode;
  /** Tells whether the call stands in the environment that is being evaluated, not in an import. */
  readonly isInRoot: boolean;
  readonly revealsSecrets: boolean;
  argumentSchema: Schema;
  schema: Schema;
  operandSyntax(name: OperandName): Expression | null;
  operand(name: OperandName): Definition;
  /** Evaluates an operand; with a schema, answers undefined where the value does not fit it. */
  evaluate(name: OperandName, accept?: Schema): Value;
  typed(name: OperandName, accept: Schema): Value | undefined;
  fail(code: DiagnosticCode, summary: string, at?: Definition, hint?: string): void;
  /** Reports, at the call, a fault in the value of an operand: where that comes from can be asked later. */
  failOperand(name: OperandName, code: DiagnosticCode, summary: string): void;
  provider(name: string): Provider | Error;
  rotator(name: string): Rotator | Error;
  readonly context: ProviderExecutionContext;
  /** Exports a value as the inputs of a provider. */
  exportInputs(value: Value): ExportedValue;
  ask(question: string, start: (signal: AbortSignal) => unknown): Answer;
  decrypt(ciphertext: Uint8Array): Answer;
  /** Says that the call cannot ask before another is answered. */
  deferUntilAnswered(): void;
  /** Tells whether this call is among those to rotate. */
  readonly isSelectedForRotation: boolean;
  recordRotation(outcome: RotationOutcome): void;
  /** Keeps a new state as soon as there is one; absent where the host does not want to. */
  readonly keepState?: (patch: RotationPatch) => void | Promise<void>;
}
