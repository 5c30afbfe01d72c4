import { dirname, join } from 'node:path';
import { overlayFileOf } from '../backends/local/overlay-file';

/** Files of the workspace that decide on names, options and variables. */
const OF_WORKSPACE = ['nx.json', '.env', '.env.local', '.local.env'];
const OF_PROJECT = ['project.json', 'package.json'];

/** All files on which an opened environment rests, those included that would change it if they came to be. */
export function sessionFiles(workspaceRoot: string, closure: readonly string[]): string[] {
  const [root] = closure;
  return [
    ...OF_WORKSPACE.map((name) => join(workspaceRoot, name)),
    ...closure,
    ...(root === undefined ? [] : [overlayFileOf(root)]),
    ...closure.flatMap((file) => OF_PROJECT.map((name) => join(dirname(dirname(file)), name))),
  ];
}
