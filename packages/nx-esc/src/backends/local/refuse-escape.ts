import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { Failure } from '../../failures/failure';

/**
 * Refuses files that a symbolic link takes out of the workspace.
 *
 * @throws Failure config/file-outside-workspace
 */
export async function refuseEscape(workspaceRoot: string, file: string): Promise<void> {
  const [root, target] = await Promise.all([realpath(workspaceRoot), realpath(file)]);
  refuseOutside(root, target, file);
}

/** The same for those who cannot wait. */
export function refuseEscapeSync(workspaceRoot: string, file: string): void {
  refuseOutside(realpathSync(workspaceRoot), realpathSync(file), file);
}

function refuseOutside(root: string, target: string, file: string): void {
  const inside = relative(root, target);
  if (inside !== '..' && !inside.startsWith(`..${sep}`)) return;
  throw new Failure({
    class: 'config',
    code: 'file-outside-workspace',
    message: 'the file of the environment is outside of the workspace',
    hint: 'keep environments in the workspace; links may not lead out of it',
    location: { file },
  });
}
