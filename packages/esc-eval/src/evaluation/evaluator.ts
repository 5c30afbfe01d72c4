import type { DiagnosticCode } from '../diagnostics/codes';
import { type Diagnostic, hasErrors, type Severity } from '../diagnostics/diagnostic';
import type { Accessor, Interpolation, PropertyAccess } from '../language/ast';
import { normalizeBytes, sortKeys } from '../language/byte-string';
import type { EvaluationMode, RotationOutcome } from '../functions/function';
import { stringOf } from '../values/convert';
import { type Definition, SYNTHETIC } from '../values/definition';
import { deferredRecord, DeferredSchema } from '../values/deferred-schema';
import { ALWAYS, itemSchema, propertySchema, type Schema, STRING, tupleSchema } from '../values/schema';
import { fingerprintOf } from '../values/fingerprint';
import { isRotateOnly } from '../values/schema-compiler';
import { LimitError, ownContentsOf, Value } from '../values/value';
import { AccessError, failedAccess, requireKey, stepIntoLiteral, stepIntoValue } from './access';
import type { Answers } from './answers';
import { EvaluatedCall } from './call';
import { Declarer } from './declare';
import { Expr, literalOf, symbolOf } from './expr';
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
}

interface Site {
  readonly range: Definition['range'];
  readonly path: string;
}

const MAXIMUM_DEPTH = 700;

/** One pass over an environment and all that it imports, with the answers that are there. It asks for those that are not. */
export class Evaluator {
  readonly diagnostics: Diagnostic[] = [];
  readonly rotations: RotationOutcome[] = [];
  /** Calls that wait for an answer, and calls that cannot be made before another is answered. */
  pendingCalls = 0;
  blockedCalls = 0;
  readonly #environments = new Map<string, { value?: Value }>();
  readonly #roots = new Map<Scope, Expr>();
  #depth = 0;

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
      const imported = this.#importEnvironment(entry.name, scope, entry);
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
    return { scope, root, value, source, sources: this.sources };
  }

  /** Evaluates an environment for another, once per operation (language reference, section 11.2). */
  #importEnvironment(name: string, importer: Scope, site: Site): Value | undefined {
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
    this.#depth += 10;
    const { value } = this.#evaluateEnvironment(name, source, importer);
    this.#depth -= 10;
    return value;
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
    const value = this.#compute(expr, accept);
    if (isRotateOnly(accept)) value.rotateOnly = true;
    value.merge(expr.base);
    return value;
  }

  /** Tells whether an input for rotations alone is left out (language reference, section 15.3). */
  #isSkipped(expr: Expr, accept: Schema | undefined): boolean {
    return isRotateOnly(accept) && (this.request.mode === 'open' || !expr.scope.isRoot);
  }

  #compute(expr: Expr, accept: Schema | undefined): Value {
    if (expr.properties !== undefined) return this.#object(expr, expr.properties, accept);
    if (expr.elements !== undefined) return this.#array(expr, expr.elements, accept);
    if (expr.call !== undefined) return this.#call(expr);
    const { syntax } = expr;
    switch (syntax?.kind) {
      case 'symbol':
        return this.#access(expr, syntax.access);
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
      const value = this.#access(expr, part.access);
      if (this.request.isSymbolic) symbols.push(fingerprintOf(value));
      const contents = ownContentsOf(value);
      result.unknown ||= contents.unknown;
      result.secret ||= contents.secret;
      result.pending ||= contents.pending;
      if (!result.unknown) text += stringOf(value);
    }
    if (this.request.isSymbolic && result.unknown) result.symbol = `interpolation ${symbols.join('+')}`;
    result.repr = result.unknown ? '[unknown]' : normalizeBytes(text);
    return result;
  }

  /** Follows a property access and copies what it leads to (language reference, section 9). */
  #access(expr: Expr, { accessors }: PropertyAccess): Value {
    let index = 0;
    try {
      const start = this.#startAccess(expr, accessors);
      index = start.taken;
      let { target } = start;
      for (; index < accessors.length; index += 1) {
        const accessor = accessors[index] as Accessor;
        target = this.#step(target, accessor, expr);
        expr.recordTarget(accessor, target);
      }
      const value = target instanceof Expr ? this.evaluate(target) : target;
      return value.copy(expr);
    } catch (error) {
      if (error instanceof LimitError) this.#report('error', 'limit-exceeded', error.message, expr);
      else if (!(error instanceof AccessError)) throw error;
      else if (error.message !== '') {
        const range = (error.accessor ?? accessors[index])?.range ?? expr.range;
        this.diagnostics.push({
          severity: 'error',
          code: error.code,
          summary: error.message,
          range: range ?? null,
          path: expr.path,
          ...(error.receiver && { access: failedAccess(error.receiver, accessors.slice(0, index)) }),
        });
      }
      const unknown = Value.unknown(expr, ALWAYS);
      for (const accessor of accessors) if (expr.resolved?.has(accessor) !== true) expr.recordResolved(accessor, expr);
      return unknown;
    }
  }

  #startAccess(expr: Expr, accessors: readonly Accessor[]): { target: Expr | Value; taken: number } {
    const { scope } = expr;
    const [first] = accessors;
    switch (first?.kind === 'key' ? first.key : undefined) {
      case 'imports':
        expr.recordTarget(first as Accessor, scope.importsValue);
        return { target: scope.importsValue, taken: 1 };
      case 'context':
        expr.recordTarget(first as Accessor, scope.contextValue);
        return { target: scope.contextValue, taken: 1 };
      case 'environments':
        return { target: this.#inlineReference(expr, accessors), taken: 3 };
      default:
        return { target: this.#roots.get(scope) as Expr, taken: 0 };
    }
  }

  /** `${environments.P.E…}`: too few accessors, and what cannot be loaded, is unknown (language reference, section 10). */
  #inlineReference(expr: Expr, accessors: readonly Accessor[]): Value {
    const [root, project, environment] = accessors;
    expr.recordResolved(root as Accessor, expr);
    if (project === undefined || environment === undefined) {
      throw new AccessError('');
    }
    const keys = [project, environment].map((accessor) => this.#keyOf(expr, accessor));
    if (keys.includes(undefined)) throw new AccessError('');
    const name = keys.join('/');
    expr.recordResolved(project, expr);
    const value = this.#importEnvironment(name, expr.scope, expr);
    if (value === undefined) {
      expr.recordResolved(environment, SYNTHETIC);
      throw new AccessError('');
    }
    expr.recordTarget(environment, value);
    return value;
  }

  /** The key of an accessor; reports one that is none. */
  #keyOf(expr: Expr, accessor: Accessor): string | undefined {
    try {
      return requireKey(accessor);
    } catch (error) {
      if (!(error instanceof AccessError)) throw error;
      this.report(error.code, error.message, { range: accessor.range ?? expr.range, path: expr.path });
      return undefined;
    }
  }

  #step(receiver: Expr | Value, accessor: Accessor, site: Expr): Expr | Value {
    if (receiver instanceof Value) return stepIntoValue(receiver, accessor, site);
    if (receiver.elements !== undefined || receiver.properties !== undefined) {
      return stepIntoLiteral(receiver, accessor, site);
    }
    const { call } = receiver;
    if (call?.syntax.name === 'fn::secret') {
      const plaintext = call.operands.get(0);
      if (plaintext === undefined) throw new AccessError('internal error: no receiver', 'internal');
      return this.#step(plaintext, accessor, site);
    }
    return stepIntoValue(this.evaluate(receiver), accessor, site);
  }

  report(code: DiagnosticCode, summary: string, site: Site, hint?: string): void {
    this.#report('error', code, summary, site, hint);
  }

  #report(severity: Severity, code: DiagnosticCode, summary: string, { range, path }: Site, hint?: string): void {
    this.diagnostics.push({ severity, code, summary, range: range ?? null, path, ...(hint && { hint }) });
  }
}
