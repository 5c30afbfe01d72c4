import type { DiagnosticCode } from '../diagnostics/codes';
import type { Diagnostic } from '../diagnostics/diagnostic';
import type { Accessor, PropertyAccess } from '../language/ast';
import { type Definition, SYNTHETIC } from '../values/definition';
import { ALWAYS } from '../values/schema';
import { LimitError } from '../values/limits';
import { Value } from '../values/value';
import { AccessError, failedAccess, requireKey, stepIntoLiteral, stepIntoValue } from './access';
import { Expr } from './expr';
import type { Scope } from './scope';

/** What following an access needs of the pass that evaluates it. */
export interface AccessPass {
  readonly diagnostics: Diagnostic[];
  evaluate(expr: Expr): Value;
  importEnvironment(name: string, importer: Scope, site: Pick<Definition, 'range' | 'path'>): Value | undefined;
  rootOf(scope: Scope): Expr;
  /** @throws LimitError once the pass has copied too much */
  spend(parts: number): void;
  report(code: DiagnosticCode, summary: string, site: Pick<Definition, 'range' | 'path'>): void;
}

/** Follows a property access and copies what it leads to (language reference, section 9). */
export function followAccess(pass: AccessPass, expr: Expr, { accessors }: PropertyAccess): Value {
  let index = 0;
  try {
    const start = startAccess(pass, expr, accessors);
    index = start.taken;
    let { target } = start;
    for (; index < accessors.length; index += 1) {
      const accessor = accessors[index] as Accessor;
      target = step(pass, target, accessor, expr);
      expr.recordTarget(accessor, target);
    }
    const value = target instanceof Expr ? pass.evaluate(target) : target;
    const copy = value.copy(expr);
    pass.spend(copy.parts);
    return copy;
  } catch (error) {
    if (error instanceof LimitError) pass.report('limit-exceeded', error.message, expr);
    else if (!(error instanceof AccessError)) throw error;
    else if (error.message !== '') reportFailure(pass, expr, error, accessors.slice(0, index + 1));
    for (const accessor of accessors) if (expr.resolved?.has(accessor) !== true) expr.recordResolved(accessor, expr);
    return Value.unknown(expr, ALWAYS);
  }
}

/** Says where an access went wrong: at the last of the accessors that were followed, unless that has no place. */
function reportFailure(pass: AccessPass, expr: Expr, error: AccessError, followed: readonly Accessor[]): void {
  const accessor = error.code === 'internal' ? undefined : (error.accessor ?? followed.at(-1));
  pass.diagnostics.push({
    severity: 'error',
    code: error.code,
    summary: error.message,
    range: accessor?.range ?? expr.range ?? null,
    path: expr.path,
    ...(error.receiver && { access: failedAccess(error.receiver, followed.slice(0, -1)) }),
  });
}

function startAccess(
  pass: AccessPass,
  expr: Expr,
  accessors: readonly Accessor[],
): { target: Expr | Value; taken: number } {
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
      return { target: inlineReference(pass, expr, accessors), taken: 3 };
    default:
      return { target: pass.rootOf(scope), taken: 0 };
  }
}

/** `${environments.P.E…}`: too few accessors, and what cannot be loaded, is unknown (language reference, section 10). */
function inlineReference(pass: AccessPass, expr: Expr, accessors: readonly Accessor[]): Value {
  const [root, project, environment] = accessors;
  expr.recordResolved(root as Accessor, expr);
  if (project === undefined || environment === undefined) {
    throw new AccessError('');
  }
  const keys = [project, environment].map((accessor) => keyOf(pass, expr, accessor));
  if (keys.includes(undefined)) throw new AccessError('');
  const name = keys.join('/');
  expr.recordResolved(project, expr);
  const value = pass.importEnvironment(name, expr.scope, expr);
  if (value === undefined) {
    expr.recordResolved(environment, SYNTHETIC);
    throw new AccessError('');
  }
  expr.recordTarget(environment, value);
  return value;
}

/** The key of an accessor; reports one that is none. */
function keyOf(pass: AccessPass, expr: Expr, accessor: Accessor): string | undefined {
  try {
    return requireKey(accessor);
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    pass.report(error.code, error.message, { range: accessor.range ?? expr.range, path: expr.path });
    return undefined;
  }
}

function step(pass: AccessPass, receiver: Expr | Value, accessor: Accessor, site: Expr): Expr | Value {
  if (receiver instanceof Value) return stepIntoValue(receiver, accessor, site);
  if (receiver.elements !== undefined || receiver.properties !== undefined) {
    return stepIntoLiteral(receiver, accessor, site);
  }
  const { call } = receiver;
  if (call?.syntax.name === 'fn::secret') {
    const plaintext = call.operands.get(0);
    if (plaintext === undefined) throw new AccessError('internal error: no receiver', 'internal');
    return step(pass, plaintext, accessor, site);
  }
  return stepIntoValue(pass.evaluate(receiver), accessor, site);
}
