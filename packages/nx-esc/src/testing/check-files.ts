import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { check, type CheckOptions } from '../check/check';
import type { CheckReport } from '../check/formats/report';
import { scopeOfAll } from '../check/scope';
import { readPluginOptions } from '../workspace/plugin-options';
import { indexWorkspace } from '../workspace/read-workspace';

/** A folder with some files, to be checked. */
export class FolderOfFiles {
  readonly root = mkdtempSync(join(tmpdir(), 'nx-esc-check-'));

  constructor(files: Readonly<Record<string, string>>) {
    this.write(files);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      writeFileSync(join(this.root, file), text);
    }
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8');
  }

  check(options: Partial<CheckOptions> = {}): Promise<CheckReport> {
    return checkFolder(this.root, options);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Checks all of a folder, as `nx-esc check` does. */
export function checkFolder(root: string, given: Partial<CheckOptions> = {}): Promise<CheckReport> {
  const options = readPluginOptions(JSON.parse(readFileSync(join(root, 'nx.json'), 'utf8')) as { plugins?: unknown[] });
  const index = indexWorkspace(root, options);
  return check({ index, options, signal: new AbortController().signal, select: scopeOfAll, ...given });
}

/** Checks some files in a folder that is there for that time alone. */
export async function checkFiles(
  files: Readonly<Record<string, string>>,
  options: Partial<CheckOptions> = {},
): Promise<CheckReport> {
  const folder = new FolderOfFiles(files);
  try {
    return await folder.check(options);
  } finally {
    folder.remove();
  }
}

/** What is found, as one line each: `file:line:column severity code: message`. */
export function linesOf({ problems }: CheckReport): string[] {
  return problems.map(
    ({ place: { file, line, column }, severity, code, message }) =>
      `${file}:${line}:${column} ${severity} ${code}: ${message}`,
  );
}
