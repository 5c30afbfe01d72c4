import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { Failure } from '../failures/failure';

/**
 * The workspace that a folder is in.
 *
 * @throws Failure config/workspace-not-found
 */
export function findWorkspaceRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
    if (folder === parse(folder).root) break;
  }
  throw new Failure({
    class: 'config',
    code: 'workspace-not-found',
    message: 'this folder is in no Nx workspace',
    hint: 'go to a folder beneath one with an nx.json',
  });
}
