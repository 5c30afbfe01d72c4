import { checkVariableName } from '../../deployment/variable-name';
import { Failure } from '../../failures/failure';
import type { CheckedProject } from '../checked-project';
import { type DeclaredValue, declaredValues } from './declared-values';
import type { Finding, Place } from '../finding';

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

/** Why a deployment would refuse a variable for its name; undefined for one that it takes. */
function refusalOf(name: string, allowedVariables: readonly string[]): Failure | undefined {
  try {
    checkVariableName(name, allowedVariables);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** The variables of a project that a deployment would refuse with a code, as findings. */
export function refusedVariables(project: CheckedProject, code: string): Finding[] {
  return declaredVariables(project).flatMap(({ name, place }): Finding[] => {
    const refusal = refusalOf(name, project.workspace.options.allowVariables);
    if (refusal?.code !== code) return [];
    const { message, hint } = refusal;
    return [{ place, message, ...(hint !== undefined && { hint }) }];
  });
}
