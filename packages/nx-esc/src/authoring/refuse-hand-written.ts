import type { Tree } from '@nx/devkit';
import { Failure } from '../failures/failure';

/**
 * Refuses to write over what somebody wrote.
 *
 * @throws Failure config/file-exists
 */
export function refuseHandWritten(
  tree: Tree,
  file: string,
  isGenerated: (text: string) => boolean,
  hint: string,
): void {
  const text = tree.read(file, 'utf8');
  if (text === null || isGenerated(text)) return;
  throw new Failure({
    class: 'config',
    code: 'file-exists',
    message: 'the file is there already, and was not generated',
    hint,
    location: { file },
  });
}
