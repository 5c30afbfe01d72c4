import { relative } from 'node:path';
import type { Provider } from 'esc-eval';
import type { Inspection } from '../backends/backend';
import { LocalBackend } from '../backends/local/local-backend';
import { Failure } from '../failures/failure';
import type { WorkspaceTree } from './workspace-tree';

export interface InspectionOptions {
  readonly signal?: AbortSignal;
  /** Told each file of an environment that is read, and its text. */
  readonly onRead?: (file: string, text: string) => void;
}

/**
 * Checks an environment as it is in a tree that need not be written yet, without opening anything; `loadProvider` gives the
 * providers that stand in, `onRead` is told what was read.
 *
 * @throws Failure config/… for the first error that the environment has
 */
export async function inspectInTree(
  { tree, index, options }: Pick<WorkspaceTree, 'tree' | 'index' | 'options'>,
  ref: string,
  loadProvider: (name: string) => Provider,
  { signal = new AbortController().signal, onRead }: InspectionOptions = {},
): Promise<Inspection> {
  const backend = new LocalBackend({
    workspaceRoot: tree.root,
    index,
    ...(options.organization !== undefined && { organization: options.organization }),
    readFile: (file) => {
      const content = tree.read(relative(tree.root, file)) ?? Buffer.alloc(0);
      onRead?.(file, content.toString('utf8'));
      return content;
    },
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
