import type { Expression } from 'esc-eval';
import type { CheckedEnvironment, CheckedProject } from '../checked-project';
import { type InheritedValue, pathKey } from '../checked-workspace';
import type { Finding, RelatedPlace } from '../finding';
import { declaredValues } from './declared-values';

/** A key that an environment declares although it has one from its imports. */
export interface Override {
  /** `database.port` */
  readonly name: string;
  readonly expression: Expression;
  /** What the import declares. */
  readonly base: InheritedValue;
  readonly environment: CheckedEnvironment;
  readonly keyRange: InheritedValue['keyRange'];
}

const known = new WeakMap<CheckedProject, readonly Override[]>();

/** Every key of a project's environments that overrides one of an import. */
export function overridesIn(project: CheckedProject): readonly Override[] {
  const overrides = known.get(project) ?? findOverrides(project);
  known.set(project, overrides);
  return overrides;
}

function findOverrides({ environments, workspace }: CheckedProject): Override[] {
  return environments.flatMap((environment) => {
    const inherited = workspace.inheritedBy(environment);
    if (inherited.size === 0) return [];
    return declaredValues(environment.parsed.declaration).flatMap(({ path, keyRange, expression }): Override[] => {
      const base = inherited.get(pathKey(path));
      return base === undefined ? [] : [{ name: path.join('.'), expression, base, environment, keyRange }];
    });
  });
}

/** Words what is wrong with an override, at its key and beside that of the import. */
export function describeOverride(
  { environment, keyRange, base }: Override,
  { relation, ...words }: Pick<Finding, 'message' | 'hint'> & { readonly relation: string },
): Finding {
  const related: RelatedPlace = { file: base.environment.file, ...positionOf(base), message: relation };
  return { place: environment.source.placeOf(keyRange), ...words, related: [related] };
}

function positionOf({ keyRange: { begin } }: InheritedValue): { readonly line: number; readonly column: number } {
  return { line: begin.line, column: begin.column };
}
