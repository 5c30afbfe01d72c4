import { parseEnvironmentName } from '../../backends/local/environment-name';
import type { FoundReference } from './file-facts';
import { isMapping, type Mapping } from './mapping';

/** Executors that work on the stack of the environment's name; the others open the environment itself. */
const STACK_EXECUTOR = /^nx-esc:(?:deploy|preview|destroy|outputs)$/;
const STACK_TARGET = /^(?:deploy|preview|destroy|outputs)$/;
const ENVIRONMENT_TARGET = /^esc-(?:open|check)$/;

/** `nx-esc run api/dev …`, with options before the name. */
const NX_ESC = /\bnx-esc\s+(?:run|open)\s+(?:(?:(?:-f|--format)[ =]\S+|-\S+)\s+)*(\S+)/g;
/** `nx run api:deploy:prod …`, to the end of the command. */
const NX_RUN = /\bnx\s+run\s+["']?([^\s:"']+):([^\s:"']+)(?::([^\s"']+))?["']?([^\n;&|]*)/g;
/** `nx deploy api --env prod`, to the end of the command. */
const NX_TARGET = /\bnx\s+([\w-]+)\s+["']?([^\s"'-][^\s"']*)["']?([^\n;&|]*)/g;
const SELECTION = /(?:^|\s)(?:--env|--configuration|-c)[ =]["']?([^\s"']+)/;
const NX_COMMANDS = new Set(['run', 'run-many', 'affected', 'show', 'g', 'generate', 'exec']);

/** The environments and stacks that the targets of a project name in their options and commands. */
export function targetReferences(targets: Mapping): FoundReference[] {
  const found: FoundReference[] = [];
  for (const [name, target] of Object.entries(targets)) {
    if (!isMapping(target)) continue;
    const { executor, options, configurations, metadata } = target;
    const command = target.command ?? (isMapping(metadata) ? metadata.scriptContent : undefined);
    if (typeof command === 'string') found.push(...commandReferences(command, [name, 'command']));
    if (isMapping(options)) found.push(...optionReferences(options, executor, [name, 'options']));
    if (!isMapping(configurations)) continue;
    for (const [key, value] of Object.entries(configurations)) {
      // Workspaces have thousands of configurations without options.
      if (!isMapping(value) || Object.keys(value).length === 0) continue;
      found.push(...optionReferences(value, executor, [name, 'configurations', key]));
    }
  }
  return found;
}

function optionReferences(options: Mapping, executor: unknown, path: readonly string[]): FoundReference[] {
  const { env, command, commands } = options;
  const found: FoundReference[] = [];
  if (typeof executor === 'string' && executor.startsWith('nx-esc:') && typeof env === 'string' && isName(env)) {
    const kind = STACK_EXECUTOR.test(executor) ? 'named-stack' : 'named-environment';
    found.push({ kind, to: env, path: [...path, 'env'] });
  }
  if (typeof command === 'string') found.push(...commandReferences(command, [...path, 'command']));
  if (Array.isArray(commands)) {
    commands.forEach((each: unknown, index) => {
      const inner = [...path, 'commands', index];
      if (typeof each === 'string') found.push(...commandReferences(each, inner));
      else if (isMapping(each) && typeof each.command === 'string') {
        found.push(...commandReferences(each.command, [...inner, 'command']));
      }
    });
  }
  return found;
}

/** What all texts of a document name, such as the commands of a CI's workflow. */
export function commandReferencesIn(document: unknown, path: readonly (string | number)[] = []): FoundReference[] {
  if (typeof document === 'string') return commandReferences(document, path);
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([key, value]) =>
    commandReferencesIn(value, [...path, Array.isArray(document) ? Number(key) : key]),
  );
}

/** The environments and stacks that a command line names. What only a run of it knows (`$STAGE`) is not among them. */
function commandReferences(text: string, path: readonly (string | number)[]): FoundReference[] {
  if (!text.includes('nx')) return [];
  const found: FoundReference[] = [];
  for (const [, written = ''] of text.matchAll(NX_ESC)) {
    const to = written.replace(/["']/g, '');
    if (to.includes('/') && isName(to)) found.push({ kind: 'named-environment', to, path, text: to });
  }
  for (const [, project = '', target = '', configuration, rest = ''] of text.matchAll(NX_RUN)) {
    found.push(...taskReference({ project, target, rest, configuration }, `${project}:${target}`, path));
  }
  for (const [, target = '', project = '', rest = ''] of text.matchAll(NX_TARGET)) {
    if (!NX_COMMANDS.has(target)) found.push(...taskReference({ project, target, rest }, project, path));
  }
  return found;
}

interface NamedTask {
  readonly project: string;
  readonly target: string;
  readonly rest: string;
  readonly configuration?: string | undefined;
}

function taskReference(task: NamedTask, text: string, path: readonly (string | number)[]): FoundReference[] {
  const { project, target, rest, configuration } = task;
  const environment = configuration ?? SELECTION.exec(rest)?.[1];
  const isStack = STACK_TARGET.test(target);
  if (environment === undefined || !(isStack || ENVIRONMENT_TARGET.test(target))) return [];
  if (!isName(environment) || /[$`{]/.test(project)) return [];
  return [{ kind: isStack ? 'named-stack' : 'named-environment', to: `${project}/${environment}`, path, text }];
}

function isName(text: string): boolean {
  return parseEnvironmentName(text) !== undefined;
}
