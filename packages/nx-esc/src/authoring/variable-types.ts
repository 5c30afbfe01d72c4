import { Failure } from '../failures/failure';
import { type SeenVariable, seenVariables, type VariableType } from './seen-variables';
import type { TreeProject, WorkspaceTree } from './workspace-tree';

/** A variable that an app gets in every one of its environments. */
export interface TypedVariable {
  readonly name: string;
  readonly type: VariableType;
  readonly isSecret: boolean;
}

/** What each environment says of each variable. */
type SeenByEnvironment = ReadonlyMap<string, ReadonlyMap<string, SeenVariable>>;

/**
 * Finds the variables of an app, without opening anything. All environments must have the same, of the same types; a
 * variable that is secret in one of them counts as secret.
 *
 * @throws Failure config/environments-disagree, config/environment-empty, and those of a check
 */
export async function variableTypes(
  workspace: Pick<WorkspaceTree, 'tree' | 'index' | 'options'>,
  { name: project, escProject }: Pick<TreeProject, 'name' | 'escProject'>,
  environments: readonly string[],
): Promise<TypedVariable[]> {
  const seen = new Map<string, ReadonlyMap<string, SeenVariable>>();
  for (const environment of environments)
    seen.set(environment, await seenVariables(workspace, `${escProject}/${environment}`));
  const names = [...new Set([...seen.values()].flatMap((variables) => [...variables.keys()]))].sort();
  if (names.length === 0) throw nothingSeen(project);
  const faults = names.flatMap((name) => disagreements(name, seen));
  if (faults.length > 0) throw disagreement(project, faults);
  return names.map((name) => {
    const all = [...seen.values()].map((variables) => variables.get(name) as SeenVariable);
    const type = all.find((variable) => variable.type !== undefined)?.type ?? 'string';
    return { name, type, isSecret: all.some(({ isSecret }) => isSecret) };
  });
}

function disagreements(name: string, seen: SeenByEnvironment): string[] {
  const missing = [...seen].filter(([, variables]) => !variables.has(name)).map(([environment]) => environment);
  if (missing.length > 0) return [`${name} is missing in ${missing.join(', ')}`];
  const types = [...seen].flatMap(([environment, variables]) => {
    const type = variables.get(name)?.type;
    return type === undefined ? [] : [{ environment, type }];
  });
  if (new Set(types.map(({ type }) => type)).size < 2) return [];
  return [`${name} is ${types.map(({ environment, type }) => `a ${type} in ${environment}`).join(', ')}`];
}

function disagreement(project: string, faults: readonly string[]): Failure {
  const [first] = faults;
  return new Failure({
    class: 'config',
    code: 'environments-disagree',
    message: `the environments of ${project} do not have the same variables: ${first ?? ''}`,
    details: faults.slice(1),
    hint: 'give each environment each variable, of one type; what all have in common belongs into base',
  });
}

function nothingSeen(project: string): Failure {
  return new Failure({
    class: 'config',
    code: 'environment-empty',
    message: `the environments of ${project} have no variables`,
    hint: 'write them into environmentVariables, beneath values',
  });
}
