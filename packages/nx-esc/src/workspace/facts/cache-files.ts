import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** The folder in which Nx keeps what it knows of a workspace. */
export function cacheFolderOf(workspaceRoot: string): string {
  const folder = process.env.NX_WORKSPACE_DATA_DIRECTORY ?? join('.nx', 'workspace-data');
  return isAbsolute(folder) ? folder : join(workspaceRoot, folder);
}

/** Writes a file of that folder at once or, where that is not possible, not at all. */
export function writeCache(file: string, text: string): void {
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(partial, text);
    renameSync(partial, file);
  } catch {
    removeIfThere(partial);
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What is not a folder holds no such file.
  }
}
