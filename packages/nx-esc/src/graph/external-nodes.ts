import type { ProjectGraphExternalNode } from '@nx/devkit';
import type { RemoteReference } from '../workspace/remote-references';

/** Name of the node of the project graph that stands for something outside of the workspace. */
export function externalNodeName({ kind, name, version }: RemoteReference): string {
  return `${kind === 'stack' ? 'pulumi' : 'esc'}:${name}${version === undefined ? '' : `@${version}`}`;
}

/** Tells such names from those of packages. */
export function isExternalNodeName(name: string): boolean {
  return name.startsWith('pulumi:') || name.startsWith('esc:');
}

/** The nodes for what is outside of the workspace. */
export function externalNodesOf(references: readonly RemoteReference[]): Record<string, ProjectGraphExternalNode> {
  return Object.fromEntries(
    references
      .filter(({ isLocal }) => !isLocal)
      .map((reference) => {
        const name = externalNodeName(reference);
        const data = { version: reference.version ?? 'latest', packageName: reference.name };
        return [name, { type: reference.kind === 'stack' ? 'pulumi' : 'esc', name, data } as ProjectGraphExternalNode];
      }),
  );
}
