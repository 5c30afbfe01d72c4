import { DefinitionError } from '../backends/cloud/cloud-failure';
import { failureOfDefinition } from '../backends/cloud/located-diagnostics';
import { LocalBackend } from '../backends/local/local-backend';
import { Failure } from '../failures/failure';
import { symbolicProvider } from '../providers/symbolic-provider';
import type { EntityGraph } from '../workspace/entity-graph';
import type { SideComparison } from './compare-sides';
import { importsOf } from './import-order';
import type { SyncContext } from './sync-context';

/**
 * Checks a definition that is to be pushed, as far as it can be known: here where the workspace has all that it imports, and
 * by the service where that does not change with this push.
 *
 * @throws Failure
 */
export async function checkBeforePush(
  context: SyncContext,
  { name, path = '', file }: SideComparison,
  graph: EntityGraph,
  pushed: ReadonlySet<string>,
): Promise<void> {
  const { index, workspaceRoot, remotes, signal } = context;
  refuseUnqualified(context, name, path);
  const { closure, areExternal } = importsOf(name, graph);
  if (!areExternal) {
    const local = new LocalBackend({
      workspaceRoot,
      index,
      loadProvider: symbolicProvider,
      ...(index.organization !== undefined && { organization: index.organization }),
    });
    await local.check({ source: { kind: 'reference', ref: name }, signal });
  }
  if ([...closure].some((imported) => pushed.has(imported))) return;
  await locating(context, path, () => remotes.check(file?.text ?? ''));
}

/** Says in which file of the workspace the service has found errors. */
export async function locating<T>(
  { workspaceRoot, index }: SyncContext,
  file: string,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DefinitionError) throw failureOfDefinition(error.diagnostics, { workspaceRoot, index, file });
    throw error;
  }
}

/** A sibling that is imported by its name alone is another environment in the service. */
function refuseUnqualified({ index }: SyncContext, name: string, file: string): void {
  const environment = index.environment(name);
  for (const { kind, to } of environment === undefined ? [] : index.referencesIn(environment.file)) {
    if (kind !== 'import' || to.includes('/')) continue;
    const meant = index.resolveEnvironment(to, environment?.project)?.name;
    if (meant === undefined || meant.startsWith('default/')) continue;
    throw new Failure({
      class: 'config',
      code: 'import-unqualified',
      message: `the import ${JSON.stringify(to)} means default/${to} in Pulumi Cloud, and ${meant} here`,
      hint: `write ${meant}: nx-esc check --fix does`,
      location: { file },
    });
  }
}
