import type { EntityGraph } from './entity-graph';

/** Something that a project names and that is not in its workspace, or is asked for in a version. */
export interface RemoteReference {
  readonly kind: 'environment' | 'stack';
  /** `[organization/]project/name`, without a version. */
  readonly name: string;
  /** Revision or tag, as written. */
  readonly version?: string;
  /** Whether the workspace has it nevertheless: then that is what is opened. */
  readonly isLocal: boolean;
  /** Files that name it. */
  readonly files: readonly string[];
}

const VERSION = /[@:]/;

/** What each project names that is remote or versioned, sorted by name. */
export function remoteReferencesOf({ entities, edges }: EntityGraph): Map<string, RemoteReference[]> {
  const found = new Map<string, Map<string, RemoteReference>>();
  for (const { from, to, references } of edges) {
    const project = entities.get(from)?.project;
    const target = entities.get(to);
    if (project === undefined || target === undefined) continue;
    for (const { kind, to: written, file } of references) {
      const isStack = kind === 'opened-stack' || kind === 'stack-reference';
      const isLocal = target.kind !== 'external';
      if (isLocal && (isStack || !VERSION.test(written))) continue;
      const [name = '', version] = isStack ? [stackName(target.name)] : written.split(VERSION);
      if (name.includes('${')) continue;
      const key = `${isStack ? 'stack' : 'environment'} ${name}@${version ?? ''}`;
      const known = found.get(project) ?? new Map<string, RemoteReference>();
      found.set(project, known);
      const files = [...new Set([...(known.get(key)?.files ?? []), file])].sort();
      known.set(key, {
        kind: isStack ? 'stack' : 'environment',
        name,
        ...(version !== undefined && { version }),
        isLocal,
        files,
      });
    }
  }
  return new Map([...found].map(([project, byKey]) => [project, [...byKey].sort(byFirst).map(([, each]) => each)]));
}

/** An organization that only the run knows is left out. */
function stackName(name: string): string {
  return name.replace(/^\$\{\?\}\//, '');
}

function byFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
