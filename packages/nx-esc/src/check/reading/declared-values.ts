import type { EnvironmentDeclaration, Expression, PropertyAccess, Range } from 'esc-eval';

/** A key of an environment as it is written; a mapping is one, and so is each of its keys. */
export interface DeclaredValue {
  readonly path: readonly string[];
  readonly keyRange: Range;
  readonly expression: Expression;
}

/** Everything that an environment declares, outermost first; calls and lists are looked at as a whole. */
export function declaredValues(declaration: EnvironmentDeclaration | null): DeclaredValue[] {
  const found: DeclaredValue[] = [];
  const visit = (expression: Expression, path: readonly string[]): void => {
    if (expression.kind !== 'object') return;
    for (const { key, keyRange, value } of expression.entries) {
      const inner = [...path, key];
      found.push({ path: inner, keyRange, expression: value });
      visit(value, inner);
    }
  };
  if (declaration?.values) visit(declaration.values, []);
  return found;
}

/** An expression and the keys that lead to it, through calls and lists too. */
export interface VisitedExpression {
  readonly expression: Expression;
  readonly path: readonly string[];
}

/** Every expression within one, itself included. */
export function* expressionsIn(expression: Expression, path: readonly string[] = []): Generator<VisitedExpression> {
  yield { expression, path };
  switch (expression.kind) {
    case 'object':
      for (const { key, value } of expression.entries) yield* expressionsIn(value, [...path, key]);
      return;
    case 'array':
      for (const element of expression.elements) yield* expressionsIn(element, path);
      return;
    case 'call':
      yield* expressionsIn(expression.argument, [...path, expression.name]);
  }
}

/** A property access and the expression that it stands in. */
export interface WrittenAccess {
  readonly access: PropertyAccess;
  readonly expression: Expression;
}

/** Every `${…}` of an environment. */
export function* accessesIn(declaration: EnvironmentDeclaration | null): Generator<WrittenAccess> {
  if (!declaration?.values) return;
  for (const { expression } of expressionsIn(declaration.values)) {
    if (expression.kind === 'symbol') yield { access: expression.access, expression };
    if (expression.kind !== 'interpolation') continue;
    for (const { access } of expression.parts) if (access !== undefined) yield { access, expression };
  }
}

/** The steps of an access, as they are written between `${` and `}`. */
export function writtenPath(steps: readonly (string | number)[]): string {
  return steps
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

export function stepsOf({ accessors }: PropertyAccess): (string | number)[] {
  return accessors.map((accessor) => (accessor.kind === 'key' ? accessor.key : accessor.index));
}
