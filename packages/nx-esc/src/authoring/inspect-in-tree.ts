import { relative } from 'node:path';
import type { Provider } from 'esc-eval';
import type { Inspection } from '../backends/backend';
import { LocalBackend } from '../backends/local/local-backend';
import { Failure } from '../failures/failure';
import type { WorkspaceTree } from './workspace-tree';

/**
 * Checks an environment as it is in a tree that need not be written yet, without opening anything; `loadProvider` gives the
 * providers that stand in.
 *
 * @throws Failure config/… for the first error that the environment has
 */
export async function inspectInTree(
  { tree, index, options }: Pick<WorkspaceTree, 'tree' | 'index' | 'options'>,
  ref: string,
  loadProvider: (name: string) => Provider,
  signal: AbortSignal = new AbortController().signal,
): Promise<Inspection> {
  const backend = new LocalBackend({
    workspaceRoot: tree.root,
    index,
    ...(options.organization !== undefined && { organization: options.organization }),
    readFile: (file) => tree.read(relative(tree.root, file)) ?? Buffer.alloc(0),
    loadProvider,
  });
  const inspection = await backend.inspect({ source: { kind: 'reference', ref }, signal });
  const error = inspection.diagnostics.find(({ severity }) => severity === 'error');
  if (error === undefined) return inspection;
  throw new Failure({
    class: 'config',
    code: error.code,
    message: error.summary,
    hint: `mend the environment: nx-esc check ${ref}`,
    ...(error.file !== undefined && { location: { file: error.file, ...error.range?.begin } }),
  });
}
