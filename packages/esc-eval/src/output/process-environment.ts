import { sortKeys } from '../language/byte-string';
import type { ExportedValue } from '../values/exported-value';
import { EscNumber } from '../values/number';
import { entriesOf } from './find-property';
import { textOfValue } from './text-of-value';

/** A variable for a process, or the content of a file whose path a variable will hold. */
export interface ProcessVariable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly unknown: boolean;
}

/** The variables under `environmentVariables`, sorted by name; arrays and objects are left out (language reference, section 18.1). */
export function environmentVariablesOf(root: ExportedValue): ProcessVariable[] {
  return variablesAt(root, 'environmentVariables');
}

/** The contents under `files`, sorted by the name of the variable that will hold the file's path. */
export function filesOf(root: ExportedValue): ProcessVariable[] {
  return variablesAt(root, 'files');
}

function variablesAt(root: ExportedValue, property: string): ProcessVariable[] {
  const entries = entriesOf(entriesOf(root).get(property));
  return sortKeys(entries.keys()).flatMap((name) => {
    const exported = entries.get(name) as ExportedValue;
    if (!isScalar(exported)) return [];
    const { secret = false, unknown = false } = exported;
    return [{ name, value: textOfValue(exported), secret, unknown }];
  });
}

function isScalar({ value, unknown }: ExportedValue): boolean {
  return unknown === true || value === null || typeof value !== 'object' || value instanceof EscNumber;
}
