import type { DiagnosticCode } from '../diagnostics/codes';
import { type Diagnostic, hasErrors, type Severity } from '../diagnostics/diagnostic';
import type { Interpolation } from '../language/ast';
import { normalizeBytes, sortKeys } from '../language/byte-string';
import type { EvaluationMode, RotationOutcome } from '../functions/function';
import { stringOf } from '../values/convert';
import type { Definition } from '../values/definition';
import { deferredRecord, DeferredSchema } from '../values/deferred-schema';
import { LimitError, limitText, MAXIMUM_PARTS } from '../values/limits';
import { ALWAYS, itemSchema, propertySchema, type Schema, STRING, tupleSchema } from '../values/schema';
import { fingerprintOf } from '../values/fingerprint';
import { isRotateOnly } from '../values/schema-compiler';
import { ownContentsOf } from '../values/contents';
import { Value } from '../values/value';
import type { Answers } from './answers';
import { EvaluatedCall } from './call';
import { Declarer } from './declare';
import { type Expr, literalOf, symbolOf } from './expr';
import { followAccess } from './follow-access';
import { Scope } from './scope';
import type { EnvironmentSource, Sources } from './sources';

export interface EvaluationRequest {
  readonly mode: EvaluationMode;
  readonly revealsSecrets: boolean;
  /** Whether unknown values say what they stand for. */
  readonly isSymbolic: boolean;
  readonly contextValues: Readonly<Record<string, unknown>>;
  /** Tells which rotations to perform, by document path. */
  readonly isSelectedForRotation: (path: string) => boolean;
}

/** An environment that has been evaluated. */
export interface EvaluatedEnvironment {
  readonly scope: Scope;
  readonly root: Expr;
  readonly value: Value;
  /** Its own text, and those of all that it names. */
  readonly source: EnvironmentSource;
  readonly sources: Sources;
  /** The operands whose values diagnostics are about. */
  readonly faultyOperands: ReadonlyMap<Diagnostic, Expr>;
}

interface Site {
  readonly range: Definition['range'];
  readonly path: string;
}

const MAXIMUM_DEPTH = 700;
const IMPORT_DEPTH = 1;

/** One pass over an environment and all that it imports, with the answers that are there. It asks for those that are not. */
export class Evaluator {
  readonly diagnostics: Diagnostic[] = [];
  readonly rotations: RotationOutcome[] = [];
  /** Calls that wait for an answer, and calls that cannot be made before another is answered. */
  pendingCalls = 0;
  blockedCalls = 0;
  readonly #environments = new Map<string, { value?: Value }>();
  readonly #roots = new Map<Scope, Expr>();
  readonly #faultyOperands = new Map<Diagnostic, Expr>();
  #depth = 0;
  #parts = 0;

  constructor(
    readonly request: EvaluationRequest,
    readonly sources: Sources,
    readonly answers: Answers,
  ) {}

  evaluateRoot(source: EnvironmentSource): EvaluatedEnvironment {
    return this.#evaluateEnvironment(source.name, source, undefined);
  }

  /** `declaredName` is what the environment is imported by; cycles are found by it. */
  #evaluateEnvironment(
    declaredName: string,
    source: EnvironmentSource,
    importer: Scope | undefined,
  ): EvaluatedEnvironment {
    const scope = new Scope(
      source.name,
      importer === undefined,
      importer,
      this.request.contextValues,
      source.decrypter,
    );
    const environment: { value?: Value } = {};
    this.#environments.set(declaredName, environment);
    const { declaration } = source;
    let base: Value | undefined;
    for (const entry of declaration?.imports ?? []) {
      const imported = this.importEnvironment(entry.name, scope, entry);
      if (imported === undefined) continue;
      scope.imports.set(entry.name, imported);
      if (!entry.merge) continue;
      const copy = imported.copy();
      copy.merge(base);
      base = copy;
    }
    const root = new Declarer(scope, this.diagnostics).declareRoot(declaration?.values ?? null, base);
    this.#roots.set(scope, root);
    const value = this.evaluate(root);
    // A second time, as the reference does: it shows in the schema of what only the imports have.
    value.merge(base);
    environment.value = value;
    return { scope, root, value, source, sources: this.sources, faultyOperands: this.#faultyOperands };
  }

  /** Evaluates an environment for another, once per operation (language reference, section 11.2). */
  importEnvironment(name: string, importer: Scope, site: Site): Value | undefined {
    const edge = { importer: importer.name, imported: name, importerIsRoot: importer.isRoot };
    const refusal = this.sources.refusalOf(edge);
    if (refusal !== undefined) {
      this.#report('error', 'import-refused', refusal.message, site);
      return undefined;
    }
    const known = this.#environments.get(name);
    if (known !== undefined) {
      if (known.value === undefined) this.#report('error', 'cyclic-import', `cyclic import of ${name}`, site);
      return known.value;
    }
    const source = this.sources.environment(name);
    if (source instanceof Error) {
      this.#report('error', 'import-failed', source.message, site);
      return undefined;
    }
    this.diagnostics.push(...source.diagnostics);
    if (hasErrors(source.diagnostics)) return undefined;
    if (this.#depth >= MAXIMUM_DEPTH) return this.#reportDepth(site);
    this.#depth += IMPORT_DEPTH;
    const { value } = this.#evaluateEnvironment(name, source, importer);
    this.#depth -= IMPORT_DEPTH;
    return value;
  }

  spend(parts: number): void {
    this.#parts += parts;
    if (this.#parts > MAXIMUM_PARTS) throw new LimitError(`references copy more than ${MAXIMUM_PARTS} values`);
  }

  /** The root of the environment that a scope belongs to. */
  rootOf(scope: Scope): Expr {
    return this.#roots.get(scope) as Expr;
  }

  #reportDepth(site: Site): undefined {
    this.#report('error', 'limit-exceeded', 'references are nested too deeply', site);
    return undefined;
  }

  /** Evaluates an expression, once; `accept` says only whether it is evaluated outside of rotation at all. */
  evaluate(expr: Expr, accept?: Schema): Value {
    if (expr.state === 'done') return expr.value as Value;
    if (expr.state === 'evaluating') {
      this.#report('error', 'cyclic-reference', `cyclic reference to ${expr.label}`, expr);
      return Value.unknown(expr, ALWAYS);
    }
    if (this.#depth >= MAXIMUM_DEPTH) {
      this.#reportDepth(expr);
      return Value.unknown(expr, ALWAYS);
    }
    expr.state = 'evaluating';
    this.#depth += 1;
    const value = this.#evaluateOnce(expr, accept);
    this.#depth -= 1;
    expr.state = 'done';
    expr.value = value;
    if (this.request.isSymbolic && value.unknown) value.symbol ??= symbolOf(expr);
    if (!this.#isSkipped(expr, accept)) expr.schemaSource = value.schemaSource;
    return value;
  }

  #evaluateOnce(expr: Expr, accept: Schema | undefined): Value {
    if (this.#isSkipped(expr, accept)) return Value.unknown(expr, ALWAYS, { rotateOnly: true });
    if (expr.base?.final === true) {
      this.#report('warning', 'final-override', 'cannot override final value', expr);
      return expr.base;
    }
    const value = this.#computeWithinLimits(expr, accept);
    if (isRotateOnly(accept)) value.rotateOnly = true;
    value.merge(expr.base);
    return value;
  }

  /** Tells whether an input for rotations alone is left out (language reference, section 15.3). */
  #isSkipped(expr: Expr, accept: Schema | undefined): boolean {
    return isRotateOnly(accept) && (this.request.mode === 'open' || !expr.scope.isRoot);
  }

  #computeWithinLimits(expr: Expr, accept: Schema | undefined): Value {
    try {
      return this.#compute(expr, accept);
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      this.#report('error', 'limit-exceeded', error.message, expr);
      return Value.unknown(expr, ALWAYS);
    }
  }

  #compute(expr: Expr, accept: Schema | undefined): Value {
    if (expr.properties !== undefined) return this.#object(expr, expr.properties, accept);
    if (expr.elements !== undefined) return this.#array(expr, expr.elements, accept);
    if (expr.call !== undefined) return this.#call(expr);
    const { syntax } = expr;
    switch (syntax?.kind) {
      case 'symbol':
        return followAccess(this, expr, syntax.access);
      case 'interpolation':
        return this.#interpolation(expr, syntax);
      case undefined:
        return Value.unknown(expr, ALWAYS);
      default:
        return new Value(expr, expr.schema, literalOf(syntax));
    }
  }

  #object(expr: Expr, properties: ReadonlyMap<string, Expr>, accept: Schema | undefined): Value {
    const values = new Map<string, Value>();
    for (const key of sortKeys(properties.keys())) {
      const inner = accept === undefined ? undefined : propertySchema(accept, key);
      const value = this.evaluate(properties.get(key) as Expr, inner);
      values.set(key, value);
    }
    return new Value(expr, deferredRecord(values), values);
  }

  #array(expr: Expr, elements: readonly Expr[], accept: Schema | undefined): Value {
    const values = elements.map((element, index) =>
      this.evaluate(element, accept === undefined ? undefined : itemSchema(accept, index)),
    );
    const sources = values.map((value) => value.schemaSource);
    return new Value(expr, new DeferredSchema(sources, tupleSchema), values);
  }

  #call(expr: Expr): Value {
    const { call } = expr;
    if (call === undefined) throw new Error('no call');
    const evaluated = new EvaluatedCall(this, expr, call);
    return call.builtin.evaluate(evaluated);
  }

  #interpolation(expr: Expr, syntax: Interpolation): Value {
    const result = new Value(expr, STRING);
    let text = '';
    const symbols: string[] = [];
    for (const part of syntax.parts) {
      text += part.text;
      symbols.push(JSON.stringify(part.text));
      if (part.access === undefined) continue;
      const value = followAccess(this, expr, part.access);
      if (this.request.isSymbolic) symbols.push(fingerprintOf(value));
      const contents = ownContentsOf(value);
      result.unknown ||= contents.unknown;
      result.secret ||= contents.secret;
      result.pending ||= contents.pending;
      if (!result.unknown) text = limitText(text + stringOf(value));
    }
    if (this.request.isSymbolic && result.unknown) result.symbol = `interpolation ${symbols.join('+')}`;
    result.repr = result.unknown ? '[unknown]' : normalizeBytes(text);
    return result;
  }

  report(code: DiagnosticCode, summary: string, site: Site, hint?: string): void {
    this.#report('error', code, summary, site, hint);
  }

  reportOperand(operand: Expr, code: DiagnosticCode, summary: string, site: Site): void {
    this.#faultyOperands.set(this.#report('error', code, summary, site), operand);
  }

  #report(severity: Severity, code: DiagnosticCode, summary: string, { range, path }: Site, hint?: string): Diagnostic {
    const diagnostic = { severity, code, summary, range: range ?? null, path, ...(hint && { hint }) };
    this.diagnostics.push(diagnostic);
    return diagnostic;
  }
}
