import { type FileFacts, type FoundReference, NO_FACTS } from './file-facts';
import { isMapping, type Mapping } from './mapping';
import { commandReferencesIn, targetReferences } from './named-references';
import { distinct } from './yaml-facts';

/** Reads a package.json or project.json: the project's name, its targets, and what their options and commands name. */
export function manifestFacts(text: string): FileFacts {
  const manifest = parseManifest(text);
  if (manifest === undefined) return NO_FACTS;
  const { nx, name, scripts } = manifest;
  const chosen = isMapping(nx) && nx.name !== undefined ? nx.name : name;
  const targets = Object.entries(targetsOf(manifest)).filter(([, target]) => runsItself(target));
  const targetNames = [...new Set([...targets.map(([key]) => key), ...Object.keys(isMapping(scripts) ? scripts : {})])];
  return {
    references: distinct(manifestReferences(manifest)),
    ...(typeof chosen === 'string' && { name: chosen }),
    ...(targetNames.length > 0 && { targetNames }),
  };
}

/** What the targets and scripts of a manifest name. */
export function manifestReferences(manifest: Mapping): FoundReference[] {
  const { nx, targets, scripts } = manifest;
  const within = (found: FoundReference[], ...prefix: string[]): FoundReference[] =>
    found.map((reference) => ({ ...reference, path: [...prefix, ...reference.path] }));
  return [
    ...(isMapping(targets) ? within(targetReferences(targets), 'targets') : []),
    ...(isMapping(nx) && isMapping(nx.targets) ? within(targetReferences(nx.targets), 'nx', 'targets') : []),
    ...within(commandReferencesIn(scripts), 'scripts'),
  ];
}

/** Undefined for what is no JSON object: Nx will say so. */
export function parseManifest(text: string): Mapping | undefined {
  try {
    const manifest = JSON.parse(text) as unknown;
    return isMapping(manifest) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function targetsOf({ nx, targets }: Mapping): Mapping {
  const inner = isMapping(nx) ? nx.targets : undefined;
  return { ...(isMapping(targets) && targets), ...(isMapping(inner) && inner) };
}

/** A target without an executor of its own adds to the one that is inferred. */
function runsItself(target: unknown): boolean {
  if (!isMapping(target)) return false;
  const { executor, command } = target;
  return command !== undefined || (typeof executor === 'string' && !executor.startsWith('nx-esc:'));
}
