import { readFileSync } from 'node:fs';
import { Failure } from '../failures/failure';
import { PrivateFolder } from '../process/private-folder';
import { runInTerminal } from '../process/foreground-process';
import { editSecrets } from '../workspace/environment-secrets';
import { processEnvironment } from '../workspace/process-environment';
import { withSecrets } from './secrets-session';

/** Opens an environment with its secrets decrypted in the user's editor, and encrypts what was changed. */
export async function secretEditCommand({
  workspaceRoot,
  ref,
}: {
  readonly workspaceRoot: string;
  readonly ref: string;
}): Promise<void> {
  await withSecrets(workspaceRoot, async (session) => {
    const environment = session.find(ref);
    const folder = new PrivateFolder();
    try {
      await editSecrets(session, environment, async (decrypted) => {
        const file = folder.write(`${environment.name.replace('/', '-')}.yaml`, decrypted);
        await openEditor(file);
        return readFileSync(file, 'utf8');
      });
    } finally {
      folder.remove();
    }
  });
}

async function openEditor(file: string): Promise<void> {
  const env = processEnvironment();
  const editor = env.VISUAL || env.EDITOR || 'vi';
  // Editors are command lines such as `code --wait`; the file is an argument of its own, not part of the line.
  const args = ['-c', `${editor} "$1"`, 'nx-esc', file];
  const { code } = await runInTerminal({ command: '/bin/sh', args, cwd: process.cwd(), env });
  if (code === 0) return;
  throw new Failure({
    class: 'tool',
    code: 'editor-failed',
    message: `the editor ended with exit code ${code}; nothing was written`,
    hint: 'see $VISUAL and $EDITOR',
  });
}
