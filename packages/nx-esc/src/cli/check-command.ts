import { checkEnvironments } from '../workspace/check-environments';
import { startCliSession } from './cli-session';

/** Checks environments, or all of the workspace. */
export async function checkCommand({
  workspaceRoot,
  refs,
}: {
  readonly workspaceRoot: string;
  readonly refs: readonly string[];
}): Promise<void> {
  const session = startCliSession(workspaceRoot);
  try {
    await checkEnvironments(session.services, refs.length > 0 ? refs : session.index.names());
  } finally {
    session.dispose();
  }
}
