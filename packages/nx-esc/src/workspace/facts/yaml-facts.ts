import { JSON_SCHEMA, load, YAMLException } from 'js-yaml';
import type { FileFacts, FoundReference, ProgramOutputs, PulumiProjectFacts, Reference } from './file-facts';
import { isMapping, type Mapping } from './mapping';
import { commandReferencesIn } from './named-references';

const OPEN_STACKS = 'fn::open::pulumi-stacks';
const STACK_REFERENCE_TYPE = 'pulumi:pulumi:StackReference';
/** `$$` is an escaped dollar; what follows it is text. */
const INLINE_REFERENCE = /\$\$|\$\{environments(?:\.([\w-]+)|\["([^"\]]+)"\])(?:\.([\w-]+)|\["([^"\]]+)"\])/g;

/** Reads an environment: its imports, inline references, and the stacks that it opens. */
export function environmentFacts(text: string): FileFacts {
  return withYaml(text, (document) => ({ references: distinct(environmentReferences(document)) }));
}

/** Reads `Pulumi.<stack>.yaml`: what it names under `environment:`, in both of its forms. */
export function stackFileFacts(text: string): FileFacts {
  return withYaml(text, (document) => {
    const namesEnvironment = isMapping(document.environment) || Array.isArray(document.environment);
    return { references: distinct(stackFileReferences(document)), ...(namesEnvironment && { namesEnvironment }) };
  });
}

/** Reads a `Pulumi.yaml`, and the program of a project whose runtime is YAML. */
export function projectFileFacts(text: string): FileFacts {
  return withYaml(text, (document) => {
    const { name, runtime, main, backend } = document;
    const runtimeName = isMapping(runtime) ? runtime.name : runtime;
    const url = isMapping(backend) ? backend.url : undefined;
    const project: PulumiProjectFacts = {
      ...(isString(name) && { name }),
      ...(isString(runtimeName) && { runtime: runtimeName }),
      ...(isString(main) && { main }),
      ...(isString(url) && { backendUrl: url }),
    };
    return { ...programFactsOf(document, runtimeName === 'yaml' && main === undefined), project };
  });
}

/** Reads the `Main.yaml` of a project whose runtime is YAML. */
export function yamlProgramFacts(text: string): FileFacts {
  return withYaml(text, (document) => programFactsOf(document, true));
}

/** Reads a workflow of the CI. */
export function workflowFacts(text: string): FileFacts {
  return withYaml(text, (document) => ({ references: distinct(commandReferencesIn(document)) }));
}

/** Finds every reference in a document, by the reader of its kind of file. */
export function findReferences(text: string, find: (document: Mapping) => FoundReference[]): FoundReference[] {
  const found: FoundReference[] = [];
  withYaml(text, (document) => {
    found.push(...find(document));
    return { references: [] };
  });
  return found;
}

/** What a stack's file names under `environment:`. */
export function stackFileReferences({ environment }: Mapping): FoundReference[] {
  if (Array.isArray(environment)) {
    return environment.flatMap((to: unknown, index): FoundReference[] =>
      isString(to) ? [{ kind: 'stack-environment', to, path: ['environment', index] }] : [],
    );
  }
  if (!isMapping(environment)) return [];
  return environmentReferences(environment).map(({ kind, to, path }) => ({
    kind: kind === 'import' ? 'stack-environment' : kind,
    to,
    path: ['environment', ...path],
  }));
}

/** The stack references of a program in YAML. */
export function yamlProgramReferences({ resources }: Mapping): FoundReference[] {
  if (!isMapping(resources)) return [];
  return Object.entries(resources).flatMap(([key, resource]): FoundReference[] => {
    if (!isMapping(resource) || resource.type !== STACK_REFERENCE_TYPE) return [];
    const { properties } = resource;
    const isNamed = isMapping(properties) && isString(properties.name);
    const name = isNamed ? (properties.name as string) : key;
    const path = ['resources', key, ...(isNamed ? ['properties', 'name'] : [])];
    return name.includes('/') ? [{ kind: 'stack-reference', to: normalizeStackName(name), path }] : [];
  });
}

function programFactsOf(document: Mapping, isProgram: boolean): Pick<FileFacts, 'references' | 'outputs'> {
  const references = distinct(yamlProgramReferences(document));
  if (!isProgram) return { references };
  const names = isMapping(document.outputs) ? Object.keys(document.outputs) : [];
  const outputs: ProgramOutputs = { names, isComplete: true };
  return { references, outputs };
}

function normalizeStackName(name: string): string {
  return name.replace(/\$\{([^}]*)\}/g, (_, expression: string) =>
    expression === 'pulumi.stack' ? '${stack}' : '${?}',
  );
}

/** What an environment names: imports, inline references, and the stacks that it opens. */
export function environmentReferences(document: Mapping): FoundReference[] {
  const found = importsOf(document);
  visit(document.values, ['values'], found);
  return found;
}

function importsOf({ imports }: Mapping): FoundReference[] {
  if (!Array.isArray(imports)) return [];
  return imports.flatMap((entry: unknown, index): FoundReference[] => {
    const names = isString(entry) ? [entry] : isMapping(entry) ? Object.keys(entry) : [];
    return names.map((to) => ({ kind: 'import', to, path: ['imports', index] }));
  });
}

function visit(node: unknown, path: (string | number)[], found: FoundReference[]): void {
  if (isString(node)) {
    if (!node.includes('${environments')) return;
    for (const [, project, quotedProject, name, quotedName] of node.matchAll(INLINE_REFERENCE)) {
      const owner = project ?? quotedProject;
      if (owner !== undefined) {
        found.push({ kind: 'inline-reference', to: `${owner}/${name ?? quotedName ?? ''}`, path: [...path] });
      }
    }
  } else if (Array.isArray(node)) {
    node.forEach((item, index) => visitChild(item, index, path, found));
  } else if (isMapping(node)) {
    found.push(...openedStacks(node, path));
    for (const [key, value] of Object.entries(node)) visitChild(value, key, path, found);
  }
}

function visitChild(node: unknown, step: string | number, path: (string | number)[], found: FoundReference[]): void {
  if (typeof node !== 'string' && typeof node !== 'object') return;
  path.push(step);
  visit(node, path, found);
  path.pop();
}

function openedStacks(node: Mapping, path: readonly (string | number)[]): FoundReference[] {
  const long = node['fn::open'];
  const isLong = isMapping(long) && long.provider === 'pulumi-stacks';
  const inputs = isLong ? long.inputs : node[OPEN_STACKS];
  if (!isMapping(inputs) || !isMapping(inputs.stacks)) return [];
  const prefix = [...path, ...(isLong ? ['fn::open', 'inputs'] : [OPEN_STACKS]), 'stacks'];
  return Object.entries(inputs.stacks).flatMap(([key, entry]): FoundReference[] =>
    isMapping(entry) && isString(entry.stack) && !entry.stack.includes('${')
      ? [{ kind: 'opened-stack', to: entry.stack, path: [...prefix, key, 'stack'] }]
      : [],
  );
}

export function distinct(found: readonly FoundReference[]): Reference[] {
  return [...new Map(found.map(({ kind, to }) => [`${kind} ${to}`, { kind, to }])).values()];
}

/** Reads YAML quickly and leniently: what the language makes of it is for the evaluator to say. */
function withYaml(text: string, read: (document: Mapping) => FileFacts): FileFacts {
  try {
    const document = load(text, { schema: JSON_SCHEMA, json: true });
    return isMapping(document) ? read(document) : { references: [] };
  } catch (error) {
    if (!(error instanceof YAMLException)) {
      return { references: [], broken: { line: 1, column: 1, reason: (error as Error).message } };
    }
    const { line, column } = error.mark ?? { line: 0, column: 0 };
    return { references: [], broken: { line: line + 1, column: column + 1, reason: error.reason } };
  }
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
