import { FORBIDDEN_VARIABLE, VARIABLE_NAME } from '../../deployment/opened-environment';
import type { CheckedProject } from '../checked-project';
import { type DeclaredValue, declaredValues } from './declared-values';
import type { Place } from '../finding';

/** A variable, or a file's variable, that an environment of a project declares. */
export interface DeclaredVariable extends DeclaredValue {
  readonly name: string;
  readonly section: 'environmentVariables' | 'files';
  readonly place: Place;
}

/** The variables that a project's environments declare themselves. */
export function declaredVariables({ documents }: CheckedProject): DeclaredVariable[] {
  return documents.flatMap(({ parsed, source }) =>
    declaredValues(parsed.declaration).flatMap((value): DeclaredVariable[] => {
      const [section, name, ...deeper] = value.path;
      if ((section !== 'environmentVariables' && section !== 'files') || name === undefined || deeper.length > 0)
        return [];
      return [{ ...value, name, section, place: source.placeOf(value.keyRange) }];
    }),
  );
}

export function isDangerous(name: string): boolean {
  return FORBIDDEN_VARIABLE.test(name);
}

export function isPossible(name: string): boolean {
  return VARIABLE_NAME.test(name);
}
