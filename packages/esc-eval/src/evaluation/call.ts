import type { DiagnosticCode } from '../diagnostics/codes';
import type { Expression, FunctionCall } from '../language/ast';
import type { Answer, Call, EvaluationMode, OperandName, RotationOutcome, RotationPatch } from '../functions/function';
import type { Provider, ProviderExecutionContext, Rotator } from '../functions/provider';
import type { Definition } from '../values/definition';
import { exportValue } from '../values/export-value';
import type { ExportedValue } from '../values/exported-value';
import type { Schema } from '../values/schema';
import { validate } from '../values/validate';
import type { Mismatch } from '../values/validate-unknown';
import type { Value } from '../values/value';
import type { Answers } from './answers';
import type { DeclaredCall, Expr } from './expr';
import type { Sources } from './sources';

/** What a call needs of the pass in which it is evaluated. */
export interface Pass {
  readonly request: {
    readonly mode: EvaluationMode;
    readonly revealsSecrets: boolean;
    readonly isSelectedForRotation: (path: string) => boolean;
  };
  readonly sources: Sources;
  readonly answers: Answers;
  readonly rotations: RotationOutcome[];
  pendingCalls: number;
  blockedCalls: number;
  evaluate(expr: Expr, accept?: Schema): Value;
  report(code: DiagnosticCode, summary: string, site: Definition, hint?: string): void;
  reportOperand(operand: Expr, code: DiagnosticCode, summary: string, site: Definition): void;
}

/** What a builtin function sees of the evaluator. */
export class EvaluatedCall implements Call {
  readonly path: string;
  schema: Schema;

  constructor(
    readonly evaluator: Pass,
    readonly expr: Expr,
    readonly declared: DeclaredCall,
  ) {
    this.path = expr.path;
    this.schema = expr.schema;
  }

  get definition(): Definition {
    return this.expr;
  }

  get syntax(): FunctionCall {
    return this.declared.syntax;
  }

  get mode(): EvaluationMode {
    return this.evaluator.request.mode;
  }

  get isInRoot(): boolean {
    return this.expr.scope.isRoot;
  }

  get revealsSecrets(): boolean {
    return this.evaluator.request.revealsSecrets;
  }

  get context(): ProviderExecutionContext {
    return this.expr.scope.context;
  }

  get argumentSchema(): Schema {
    return this.declared.argumentSchema;
  }

  set argumentSchema(schema: Schema) {
    this.declared.argumentSchema = schema;
  }

  operandSyntax(name: OperandName): Expression | null {
    return this.declared.operands.get(name)?.syntax ?? null;
  }

  operand(name: OperandName): Expr {
    const operand = this.declared.operands.get(name);
    if (operand === undefined) throw new Error(`${this.syntax.name} has no operand ${name}`);
    return operand;
  }

  evaluate(name: OperandName, accept?: Schema): Value {
    return this.evaluator.evaluate(this.operand(name), accept);
  }

  typed(name: OperandName, accept: Schema): Value | undefined {
    const value = this.evaluate(name, accept);
    const mismatches: Mismatch[] = [];
    const isValid = validate(value, accept, mismatches);
    for (const { def, summary } of mismatches) this.fail('schema-mismatch', summary, def);
    return isValid ? value : undefined;
  }

  fail(code: DiagnosticCode, summary: string, at: Definition = this.expr, hint?: string): void {
    this.evaluator.report(code, summary, at, hint);
  }

  failOperand(name: OperandName, code: DiagnosticCode, summary: string): void {
    this.evaluator.reportOperand(this.operand(name), code, summary, this.expr);
  }

  provider(name: string): Provider | Error {
    return this.evaluator.sources.provider(name);
  }

  rotator(name: string): Rotator | Error {
    return this.evaluator.sources.rotator(name);
  }

  exportInputs(value: Value): ExportedValue {
    return exportValue(value);
  }

  ask(question: string, start: (signal: AbortSignal) => unknown): Answer {
    const answer = this.evaluator.answers.ask(this.syntax, question, start);
    if (answer.state === 'pending') this.evaluator.pendingCalls += 1;
    return answer;
  }

  decrypt(ciphertext: Uint8Array): Answer {
    const { decrypter } = this.expr.scope;
    return this.ask('decrypt', () => {
      if (decrypter === undefined) throw new Error('no decrypter is available for this environment');
      return decrypter.decrypt(ciphertext);
    });
  }

  deferUntilAnswered(): void {
    this.evaluator.blockedCalls += 1;
  }

  get isSelectedForRotation(): boolean {
    return this.isInRoot && this.evaluator.request.isSelectedForRotation(this.path);
  }

  get keepState(): ((patch: RotationPatch) => void | Promise<void>) | undefined {
    return this.evaluator.sources.host.keepState;
  }

  recordRotation(outcome: RotationOutcome): void {
    this.evaluator.rotations.push(outcome);
  }
}
