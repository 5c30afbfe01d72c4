import type { ExportedValue, PathSegment } from 'esc-eval';
import { revisionAt } from '../affected/files-at-commit';
import { Git } from '../affected/git';
import type { Revision } from '../affected/revision';
import type { Comparable } from '../comparison/compare-environments';
import { explainValue } from '../provenance/explain-value';
import { describeSource, externalSourcesOf } from '../provenance/explanation';
import { processEnvironment } from '../workspace/process-environment';
import type { CliSession } from './cli-session';
import { evaluateForReading } from './evaluated-environment';

export interface ComparableOptions {
  readonly isOpened: boolean;
  readonly revision?: Revision;
}

/** Evaluates an environment to compare it. What is unknown is described by the stack outputs and secrets behind it. */
export async function comparableEnvironment(
  session: CliSession,
  ref: string,
  options: ComparableOptions,
): Promise<Comparable> {
  const evaluated = await evaluateForReading(session, ref, options);
  const index = options.revision?.index ?? session.index;
  return {
    name: ref,
    root: evaluated.root,
    describe: (path: readonly PathSegment[]) => {
      const explanation = explainValue(evaluated, path, { index });
      const sources = explanation === undefined ? [] : externalSourcesOf(explanation.origin).map(describeSource);
      return sources.length === 0 ? undefined : sources.join(', ');
    },
  };
}

/** An environment that has no values. */
export function emptyEnvironment(name: string): Comparable {
  const nowhere = { line: 0, column: 0, byte: 0 };
  const root: ExportedValue = { value: new Map(), trace: { def: { begin: nowhere, end: nowhere } } };
  return { name, root, describe: () => undefined };
}

/**
 * The workspace at a revision of git.
 *
 * @throws Failure config/revision-not-found
 */
export async function readRevision(session: CliSession, name: string, isBase: boolean): Promise<Revision> {
  const { index, services } = session;
  const git = new Git(index.workspaceRoot, processEnvironment(), services.signal);
  const commit = isBase ? await git.baseOf(name, 'HEAD') : await git.commitOf(name);
  return revisionAt(git, index.workspaceRoot, commit, index.organization);
}
