import { JSON_SCHEMA, load, YAMLException } from 'js-yaml';

/** What a file names: environments as written, and stacks as `[organization/]project/stack`. */
export interface References {
  readonly environments: readonly string[];
  readonly stacks: readonly string[];
}

/** A file whose YAML cannot be read: the rest of the workspace does not care. */
export interface BrokenFile {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

const NONE: References = { environments: [], stacks: [] };
const INLINE_REFERENCE = /\$\{environments(?:\.([\w-]+)|\["([^"\]]+)"\])(?:\.([\w-]+)|\["([^"\]]+)"\])/g;
const OPEN_STACKS = 'fn::open::pulumi-stacks';

/**
 * Reads YAML for the graph: quickly and leniently. What the language makes of it is for the evaluator to say.
 *
 * @throws BrokenYamlError
 */
export function readYaml(text: string, file: string): unknown {
  try {
    return load(text, { schema: JSON_SCHEMA, json: true });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { line, column } = error.mark ?? { line: 0, column: 0 };
    throw new BrokenYamlError({ file, line: line + 1, column: column + 1, reason: error.reason });
  }
}

export class BrokenYamlError extends Error {
  constructor(readonly broken: BrokenFile) {
    super(`${broken.file}:${broken.line}:${broken.column}: ${broken.reason}`);
  }
}

/** What an environment names: imports, inline references, and the stacks that it opens. */
export function environmentReferences(document: unknown): References {
  if (!isRecord(document)) return NONE;
  const environments = new Set(importsOf(document));
  const stacks = new Set<string>();
  visit(document.values, environments, stacks);
  return { environments: [...environments], stacks: [...stacks] };
}

/** What a stack's file names under `environment:`, in both of its forms. */
export function stackReferences(document: unknown): References {
  if (!isRecord(document)) return NONE;
  const { environment } = document;
  if (Array.isArray(environment))
    return { environments: environment.filter((name) => typeof name === 'string'), stacks: [] };
  return environmentReferences(environment);
}

/** The environments that an environment imports, as written. */
export function importsOf(document: Readonly<Record<string, unknown>>): string[] {
  const { imports } = document;
  if (!Array.isArray(imports)) return [];
  return imports.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return [entry];
    return isRecord(entry) ? Object.keys(entry) : [];
  });
}

function visit(node: unknown, environments: Set<string>, stacks: Set<string>): void {
  if (typeof node === 'string') {
    for (const [, project, quotedProject, name, quotedName] of node.matchAll(INLINE_REFERENCE)) {
      environments.add(`${project ?? quotedProject ?? ''}/${name ?? quotedName ?? ''}`);
    }
  } else if (Array.isArray(node)) {
    for (const item of node) visit(item, environments, stacks);
  } else if (isRecord(node)) {
    addStacks(node, stacks);
    for (const value of Object.values(node)) visit(value, environments, stacks);
  }
}

function addStacks(node: Readonly<Record<string, unknown>>, stacks: Set<string>): void {
  const long = node['fn::open'];
  const isLong = isRecord(long) && long.provider === 'pulumi-stacks';
  const inputs = isLong ? long.inputs : node[OPEN_STACKS];
  if (!isRecord(inputs) || !isRecord(inputs.stacks)) return;
  for (const entry of Object.values(inputs.stacks)) {
    if (isRecord(entry) && typeof entry.stack === 'string') stacks.add(entry.stack);
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
