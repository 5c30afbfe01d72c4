import { relative } from 'node:path';
import { entriesOf, EscNumber, environmentVariablesOf, type ExportedValue, filesOf, findProperty } from 'esc-eval';
import { LocalBackend } from '../backends/local/local-backend';
import { Failure } from '../failures/failure';
import { createProviderServices } from '../providers/provider-services';
import type { TreeProject, WorkspaceTree } from './workspace-tree';

export type VariableType = 'string' | 'number' | 'boolean';

/** A variable that an app gets in every one of its environments. */
export interface TypedVariable {
  readonly name: string;
  readonly type: VariableType;
  readonly isSecret: boolean;
}

/** What one environment says of a variable; the type is undefined where it is known only when it is opened. */
interface SeenVariable {
  readonly type: VariableType | undefined;
  readonly isSecret: boolean;
}

/**
 * Finds the variables of an app, without opening anything. All environments must have the same, of the same types; a
 * variable that is secret in one of them counts as secret.
 *
 * @throws Failure config/environments-disagree, and those of a check
 */
export async function variableTypes(
  workspace: WorkspaceTree,
  project: TreeProject,
  environments: readonly string[],
): Promise<TypedVariable[]> {
  const seen = new Map<string, ReadonlyMap<string, SeenVariable>>();
  for (const environment of environments) {
    seen.set(environment, variablesOf(await inspect(workspace, `${project.escProject}/${environment}`)));
  }
  const names = [...new Set([...seen.values()].flatMap((variables) => [...variables.keys()]))].sort();
  const faults = names.flatMap((name) => disagreements(name, seen));
  if (faults.length > 0) throw disagreement(project, faults);
  return names.map((name) => {
    const all = [...seen.values()].map((variables) => variables.get(name) as SeenVariable);
    const type = all.find((variable) => variable.type !== undefined)?.type ?? 'string';
    return { name, type, isSecret: all.some(({ isSecret }) => isSecret) };
  });
}

async function inspect({ tree, index, options }: WorkspaceTree, ref: string): Promise<ExportedValue> {
  const organization = options.organization === undefined ? {} : { organization: options.organization };
  const { signal } = new AbortController();
  const backend = new LocalBackend({
    workspaceRoot: tree.root,
    index,
    ...organization,
    providers: createProviderServices({ env: {}, signal, onSecret: () => undefined, onNote: () => undefined }),
    readFile: (file) => tree.read(relative(tree.root, file)) ?? Buffer.alloc(0),
  });
  const { root, diagnostics } = await backend.inspect({ source: { kind: 'reference', ref }, signal });
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error === undefined) return root;
  throw new Failure({
    class: 'config',
    code: error.code,
    message: error.summary,
    hint: `mend the environment: nx-esc check ${ref}`,
    ...(error.file !== undefined && { location: { file: error.file, ...error.range?.begin } }),
  });
}

function variablesOf(root: ExportedValue): Map<string, SeenVariable> {
  const written = entriesOf(findProperty(root, ['environmentVariables']));
  const variables = environmentVariablesOf(root).map(({ name, secret }): [string, SeenVariable] => [
    name,
    { type: typeOf(written.get(name)), isSecret: secret },
  ]);
  // A file is given as its path, which is no secret.
  const files = filesOf(root).map(({ name }): [string, SeenVariable] => [name, { type: 'string', isSecret: false }]);
  return new Map([...variables, ...files]);
}

function typeOf(value: ExportedValue | undefined): VariableType | undefined {
  if (value === undefined || value.unknown === true) return undefined;
  if (value.value instanceof EscNumber) return 'number';
  return typeof value.value === 'boolean' ? 'boolean' : 'string';
}

function disagreements(name: string, seen: ReadonlyMap<string, ReadonlyMap<string, SeenVariable>>): string[] {
  const missing = [...seen].filter(([, variables]) => !variables.has(name)).map(([environment]) => environment);
  if (missing.length > 0) return [`${name} is missing in ${missing.join(', ')}`];
  const types = [...seen].flatMap(([environment, variables]) => {
    const type = variables.get(name)?.type;
    return type === undefined ? [] : [{ environment, type }];
  });
  if (new Set(types.map(({ type }) => type)).size < 2) return [];
  return [`${name} is ${types.map(({ environment, type }) => `a ${type} in ${environment}`).join(', ')}`];
}

function disagreement({ name }: TreeProject, faults: readonly string[]): Failure {
  const [first] = faults;
  return new Failure({
    class: 'config',
    code: 'environments-disagree',
    message: `the environments of ${name} do not have the same variables: ${first ?? ''}`,
    details: faults.slice(1),
    hint: 'give each environment each variable, of one type; what all have in common belongs into base',
  });
}
