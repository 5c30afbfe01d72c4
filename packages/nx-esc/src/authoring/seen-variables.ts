import {
  entriesOf,
  EscNumber,
  environmentVariablesOf,
  type ExportedValue,
  filesOf,
  findProperty,
  type Origin,
  type Provider,
  type Schema,
} from 'esc-eval';
import type { Inspection } from '../backends/backend';
import { Failure } from '../failures/failure';
import { createStackPreview } from '../providers/pulumi-stacks/provider';
import { inspectInTree } from './inspect-in-tree';
import type { WorkspaceTree } from './workspace-tree';

export type VariableType = 'string' | 'number' | 'boolean';

/** What one environment says of a variable; the type is undefined where it is known only when it is opened. */
export interface SeenVariable {
  readonly type: VariableType | undefined;
  readonly isSecret: boolean;
  /** Whether it is known to be empty. */
  readonly isEmpty: boolean;
}

/**
 * Finds the variables that an environment gives to a process, without opening anything, by name.
 *
 * @throws Failure config/variable-name-invalid, and those of a check
 */
export async function seenVariables(
  workspace: Pick<WorkspaceTree, 'tree' | 'index' | 'options'>,
  ref: string,
): Promise<ReadonlyMap<string, SeenVariable>> {
  const variables = variablesOf(await inspectInTree(workspace, ref, outlineOf));
  const invalid = [...variables.keys()].find((name) => !/^[A-Za-z_]\w*$/.test(name));
  if (invalid === undefined) return variables;
  throw new Failure({
    class: 'config',
    code: 'variable-name-invalid',
    message: `${JSON.stringify(invalid)} of ${ref} is not a name that a process's environment can hold`,
    hint: 'use letters, digits and underscores, and no digit at the start',
  });
}

const STACKS = 'pulumi-stacks';
const ANY: Schema = { always: true };

function outlineOf(name: string): Provider {
  return name === STACKS
    ? { ...createStackPreview({}), open: refuseToOpen }
    : { inputs: ANY, outputs: ANY, open: refuseToOpen };
}

function refuseToOpen(): never {
  throw new Error('nothing is opened to find names and types');
}

function variablesOf({ root, environment }: Inspection): Map<string, SeenVariable> {
  const written = entriesOf(findProperty(root, ['environmentVariables']));
  const variables = environmentVariablesOf(root).map(({ name, value, secret, unknown }): [string, SeenVariable] => {
    const origin = unknown ? environment?.provenance(['environmentVariables', name])?.origin : undefined;
    const isSecret = secret || (origin !== undefined && isMadeOfSecrets(origin));
    return [name, { type: typeOf(written.get(name)), isSecret, isEmpty: !unknown && value === '' }];
  });
  // A file is given as its path, which is no secret.
  const files = filesOf(root).map(({ name }): [string, SeenVariable] => [
    name,
    { type: 'string', isSecret: false, isEmpty: false },
  ]);
  return new Map([...variables, ...files]);
}

/** What a provider opens counts as secret until it is opened, but for the outputs of stacks. */
function isMadeOfSecrets({ value, provider, ingredients }: Origin): boolean {
  if (value.secret === true) return true;
  if (provider !== undefined) return provider.name !== STACKS;
  return ingredients.some(({ origin }) => isMadeOfSecrets(origin));
}

function typeOf(value: ExportedValue | undefined): VariableType | undefined {
  if (value === undefined || value.unknown === true) return undefined;
  if (value.value instanceof EscNumber) return 'number';
  return typeof value.value === 'boolean' ? 'boolean' : 'string';
}
