import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entriesOf, type Origin } from 'esc-eval';
import { LineCounter, parseDocument, isMap, type Pair, type Scalar } from 'yaml';
import { requestsOf, secretIdOf } from '../providers/asked-secret';
import { parseStackName, shortStackName } from '../pulumi/stack-name';
import { locateExports } from '../workspace/facts/program-facts';
import type { WorkspaceIndex } from '../workspace/workspace-index';
import type { ExternalSource, FilePlace } from './explanation';

/** Says what a call of a provider asks of the world for the part of its answer that a value is. */
export function externalSourceOf(origin: Origin, index: WorkspaceIndex): ExternalSource | undefined {
  const { provider, part } = origin;
  if (provider === undefined) return undefined;
  const { name } = provider;
  const [key, output] = part;
  if (name === 'pulumi-stacks' && key !== undefined) {
    const stack = entriesOf(requestsOf(origin).get(String(key))).get('stack')?.value;
    if (typeof stack === 'string') return stackOutput(stack, output === undefined ? undefined : String(output), index);
  }
  const id = secretIdOf(origin);
  return id === undefined ? { kind: 'provider', provider: name } : { kind: 'secret', provider: name, id };
}

function stackOutput(reference: string, output: string | undefined, index: WorkspaceIndex): ExternalSource {
  const name = parseStackName(reference);
  const stack = name === undefined ? reference : shortStackName(name);
  const program = output === undefined ? undefined : locateOutput(reference, output, index);
  return {
    kind: 'stack-output',
    stack,
    ...(output !== undefined && { output }),
    ...(program !== undefined && { program }),
  };
}

/** Where a stack's program says an output; undefined where that cannot be told from its text. */
function locateOutput(reference: string, output: string, index: WorkspaceIndex): FilePlace | undefined {
  const project = index.ownerOfStack(reference);
  if (project === undefined) return undefined;
  const { projectFile } = project.files;
  // A program in YAML stands in the project file itself.
  const files = [...index.programOf(project), ...(projectFile === undefined ? [] : [projectFile])];
  for (const file of files) {
    const place = placesIn(readFileSync(join(index.workspaceRoot, file), 'utf8'), file).get(output);
    if (place !== undefined) return { file, line: place.line, column: place.column };
  }
  return undefined;
}

function placesIn(text: string, file: string): ReadonlyMap<string, { readonly line: number; readonly column: number }> {
  if (!/\.ya?ml$/.test(file)) return locateExports(text);
  const lineCounter = new LineCounter();
  const outputs = parseDocument(text, { lineCounter, logLevel: 'silent' }).get('outputs');
  if (!isMap(outputs)) return new Map();
  const places = new Map<string, { line: number; column: number }>();
  for (const { key } of outputs.items as Pair<Scalar<string>>[]) {
    const { line, col } = lineCounter.linePos(key.range?.[0] ?? 0);
    places.set(key.value, { line, column: col });
  }
  return places;
}
