import { environmentFiles } from '../workspace/environment-file';
import { rekey } from '../workspace/environment-secrets';
import { withSecrets } from './secrets-session';

/** Brings keys and secrets to the recipients of the workspace, and says what was done. */
export async function rekeyCommand({
  workspaceRoot,
  all,
  prune,
}: {
  readonly workspaceRoot: string;
  readonly all: boolean;
  readonly prune: boolean;
}): Promise<void> {
  await withSecrets(workspaceRoot, async (session) => {
    const { groups, environments, pruned } = await rekey(session, environmentFiles(session.index), { all, prune });
    for (const { group, isNew } of groups)
      console.error(`✓ group ${group}: ${isNew ? 'a new key' : 'its key opens for its recipients'}`);
    if (environments.length > 0) console.error(`✓ encrypted anew: ${environments.join(', ')}`);
    if (pruned > 0) console.error(`✓ ${pruned} old ${pruned === 1 ? 'key' : 'keys'} removed`);
    if (groups.length === 0 && environments.length === 0) console.error('✓ all keys open for their recipients');
    if (groups.some(({ isNew }) => isNew)) {
      console.error(
        'Who was removed can still open what the history of the repository holds: change those secrets where they are\n' +
          'used, too (nx-esc rotate, nx-esc secret set).',
      );
    }
  });
}
