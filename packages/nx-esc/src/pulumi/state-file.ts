import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Data, readJson } from 'esc-eval';
import type { StackName } from './stack-name';

/** The latest deployment of a stack, as its state has it. */
export interface StackState {
  /** Undefined where the stack exists but nothing has been deployed in it. */
  readonly outputs: Data | undefined;
  /** Salt of the passphrase that the state's secrets are encrypted with; undefined for other secrets providers. */
  readonly passphraseSalt: string | undefined;
  /** Keeps states with another secrets provider apart. */
  readonly secretsProvider: string | undefined;
}

/** A state in a form that only `pulumi` itself can read. */
export const UNREADABLE = Symbol('unreadable state');

const VERSION = '3';
const STACK_TYPE = 'pulumi:pulumi:Stack';

/** Where a `file://` backend keeps the state of a stack. */
export function stateFileOf(folder: string, { project, stack }: StackName): string {
  return join(folder, '.pulumi', 'stacks', project, `${stack}.json`);
}

/**
 * Reads the state of a stack in a `file://` backend. Undefined where there is no such stack; `UNREADABLE` for layouts
 * other than version 3 of the state in a project's own folder, which `pulumi` reads for us.
 */
export async function readStateFile(
  folder: string,
  name: StackName,
): Promise<StackState | undefined | typeof UNREADABLE> {
  let text: string;
  try {
    text = await readFile(stateFileOf(folder, name), 'utf8');
  } catch {
    return (await isProjectScoped(folder)) && !(await exists(`${stateFileOf(folder, name)}.gz`))
      ? undefined
      : UNREADABLE;
  }
  const state = readJson(text);
  if (String(at(state, 'version')) !== VERSION) return UNREADABLE;
  return readDeployment(at(state, 'checkpoint', 'latest'));
}

/** Reads the deployment in a state, or in what `pulumi stack export` prints. */
export function readDeployment(deployment: Data | undefined): StackState {
  const provider = at(deployment, 'secrets_providers', 'type');
  const salt = at(deployment, 'secrets_providers', 'state', 'salt');
  const resources = at(deployment, 'resources');
  const stack = Array.isArray(resources)
    ? resources.find((resource: Data) => at(resource, 'type') === STACK_TYPE)
    : undefined;
  return {
    outputs: stack === undefined ? undefined : (at(stack as Data, 'outputs') ?? new Map<string, Data>()),
    passphraseSalt: provider === 'passphrase' && typeof salt === 'string' ? salt : undefined,
    secretsProvider: typeof provider === 'string' ? provider : undefined,
  };
}

function at(data: Data | undefined, ...keys: readonly string[]): Data | undefined {
  let current = data;
  for (const key of keys)
    current = current instanceof Map ? (current as ReadonlyMap<string, Data>).get(key) : undefined;
  return current;
}

async function isProjectScoped(folder: string): Promise<boolean> {
  return exists(join(folder, '.pulumi', 'meta.yaml'));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
