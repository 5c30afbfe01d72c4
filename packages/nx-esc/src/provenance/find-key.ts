import { entriesOf, type ExportedValue, findProperty, nearestName, type PathSegment } from 'esc-eval';
import { Failure } from '../failures/failure';
import { readPath } from '../workspace/read-path';

/** What programs get of an environment; their keys may be named alone. */
export const SECTIONS = ['environmentVariables', 'files', 'pulumiConfig'] as const;

/**
 * Finds what someone means by a key: the path of a value, or the key of a variable, a file or of the configuration alone.
 *
 * @throws Failure config/key-not-found, config/option-invalid
 */
export function findKey(root: ExportedValue, written: string): readonly PathSegment[] {
  const path = readPath(written);
  if (existsAt(root, path)) return path;
  for (const section of SECTIONS) {
    const entries = entriesOf(findProperty(root, [section]));
    const key = entries.has(written) ? written : [...entries.keys()].find((name) => name.endsWith(`:${written}`));
    if (key !== undefined) return [section, key];
  }
  throw notFound(root, written, path);
}

/** What lies within a value that is not known may exist. */
function existsAt(root: ExportedValue, path: readonly PathSegment[]): boolean {
  return (
    path.some((_, index) => findProperty(root, path.slice(0, index))?.unknown) || findProperty(root, path) !== undefined
  );
}

function notFound(root: ExportedValue, written: string, path: readonly PathSegment[]): Failure {
  const found = path.findIndex((_, index) => findProperty(root, path.slice(0, index + 1)) === undefined);
  const parent = path.slice(0, found);
  const siblings = [...entriesOf(findProperty(root, parent)).keys()];
  const named = found > 0 ? [] : SECTIONS.flatMap((section) => [...entriesOf(findProperty(root, [section])).keys()]);
  const candidates = [...new Set([...named, ...siblings])].sort();
  const nearest = nearestName(String(path[found] ?? written), candidates);
  return new Failure({
    class: 'config',
    code: 'key-not-found',
    message: `the environment has no ${JSON.stringify(written)}`,
    hint:
      nearest !== undefined
        ? `did you mean ${[...parent, nearest].join('.')}?`
        : candidates.length > 0
          ? `there are: ${candidates.join(', ')}`
          : 'it is no object',
  });
}
