import { isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { WORKFLOW_FILE } from './facts-reader';
import type { FoundReference, Reference } from './file-facts';
import { manifestReferences, parseManifest } from './manifest-facts';
import type { Mapping } from './mapping';
import { commandReferencesIn } from './named-references';
import { locateStackReferences } from './program-facts';
import { environmentReferences, findReferences, stackFileReferences, yamlProgramReferences } from './yaml-facts';

/** A reference and where it stands; line and column are 1-based. */
export interface LocatedReference extends Reference {
  readonly line: number;
  readonly column: number;
}

const FINDERS: readonly (readonly [RegExp, (document: Mapping) => FoundReference[]])[] = [
  [/(?:^|\/)(?:Pulumi|Main)\.ya?ml$/, yamlProgramReferences],
  [/(?:^|\/)Pulumi\.[^/]+\.ya?ml$/, stackFileReferences],
  [/(?:^|\/)esc\/[^/]+\.ya?ml$/, environmentReferences],
  [WORKFLOW_FILE, commandReferencesIn],
];
const MANIFEST = /(?:^|\/)(?:package|project)\.json$/;

/** Finds the references of a file again, this time with their places. */
export function locateReferences(file: string, text: string): LocatedReference[] {
  if (MANIFEST.test(file)) return locate(text, manifestReferences(parseManifest(text) ?? {}));
  const finder = FINDERS.find(([pattern]) => pattern.test(file));
  return finder === undefined ? locateStackReferences(text) : locate(text, findReferences(text, finder[1]));
}

/** JSON is YAML, so that one parser finds the places in both. */
function locate(text: string, found: readonly FoundReference[]): LocatedReference[] {
  if (found.length === 0) return [];
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, logLevel: 'silent' });
  const counts = new Map<string, number>();
  return found.map(({ kind, to, path, text: part }) => {
    const node = document.getIn(path, true) as Node | undefined;
    const [start = 0, end = 0] = node?.range ?? [];
    const id = JSON.stringify([path, to]);
    const before = counts.get(id) ?? 0;
    counts.set(id, before + 1);
    const source = text.slice(start, end);
    const isInText = isScalar(node) && kind === 'inline-reference';
    const within = isInText ? placeWithin(source, to, before) : placeOfPart(source, part, before);
    const { line, col } = lineCounter.linePos(start + within);
    return { kind, to, line, column: col };
  });
}

/** How far into a source a part of it stands, after `before` others that are the same. */
function placeOfPart(source: string, part: string | undefined, before: number): number {
  if (part === undefined) return 0;
  let place = source.indexOf(part);
  for (let seen = 0; seen < before && place >= 0; seen += 1) place = source.indexOf(part, place + 1);
  return Math.max(place, 0);
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
