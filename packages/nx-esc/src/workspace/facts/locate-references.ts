import { isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { Reference } from './file-facts';
import { locateStackReferences } from './program-facts';
import {
  environmentReferences,
  findReferences,
  type FoundReference,
  type Mapping,
  stackFileReferences,
  yamlProgramReferences,
} from './yaml-facts';

/** A reference and where it stands; line and column are 1-based. */
export interface LocatedReference extends Reference {
  readonly line: number;
  readonly column: number;
}

const FINDERS: readonly (readonly [RegExp, (document: Mapping) => FoundReference[]])[] = [
  [/(?:^|\/)(?:Pulumi|Main)\.ya?ml$/, yamlProgramReferences],
  [/(?:^|\/)Pulumi\.[^/]+\.ya?ml$/, stackFileReferences],
  [/(?:^|\/)esc\/[^/]+\.ya?ml$/, environmentReferences],
];

/** Finds the references of a file again, this time with their places. */
export function locateReferences(file: string, text: string): LocatedReference[] {
  const finder = FINDERS.find(([pattern]) => pattern.test(file));
  return finder === undefined ? locateStackReferences(text) : locateInYaml(text, finder[1]);
}

function locateInYaml(text: string, find: (document: Mapping) => FoundReference[]): LocatedReference[] {
  const found = findReferences(text, find);
  if (found.length === 0) return [];
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, logLevel: 'silent' });
  const counts = new Map<string, number>();
  return found.map(({ kind, to, path }) => {
    const node = document.getIn(path, true) as Node | undefined;
    const [start = 0, end = 0] = node?.range ?? [];
    const id = JSON.stringify([path, to]);
    const before = counts.get(id) ?? 0;
    counts.set(id, before + 1);
    const isInText = isScalar(node) && kind === 'inline-reference';
    const within = isInText ? placeWithin(text.slice(start, end), to, before) : 0;
    const { line, col } = lineCounter.linePos(start + within);
    return { kind, to, line, column: col };
  });
}

/** How far into the source of a scalar an inline reference stands, after `before` others of its name. */
function placeWithin(source: string, to: string, before: number): number {
  let seen = 0;
  for (const { 0: match, index } of source.matchAll(/\$\{environments[^}]*/g)) {
    const parts =
      match
        .match(/[\w.-]+/g)
        ?.join('.')
        .split('.') ?? [];
    if (`${parts[1] ?? ''}/${parts[2] ?? ''}` === to && seen++ === before) return index;
  }
  return 0;
}
