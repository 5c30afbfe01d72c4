import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Never part of a workspace for Nx, whatever the ignore files say. */
const ALWAYS_IGNORED = new Set(['node_modules', '.git', '.nx', '.yarn']);
const IGNORE_FILES = ['.gitignore', '.nxignore'];

/** The rules of one folder's ignore files; paths in them are relative to it. */
interface FolderRules {
  readonly folder: string;
  readonly rules: Ignore;
}

/** Which files of a workspace Nx leaves out: by `.gitignore` and `.nxignore`, in every folder. */
export class IgnoredFiles {
  readonly #rules = new Map<string, readonly FolderRules[]>();

  constructor(readonly workspaceRoot: string) {}

  /** Tells whether a path relative to the workspace is ignored, itself or with a folder above it. */
  has(path: string): boolean {
    const steps = path.split('/');
    return steps.some((step, index) => {
      const folder = steps.slice(0, index).join('/');
      return this.hides(folder, step, index < steps.length - 1);
    });
  }

  /** Tells whether an entry of a folder that is not ignored is. */
  hides(folder: string, name: string, isFolder: boolean): boolean {
    if (isFolder && ALWAYS_IGNORED.has(name)) return true;
    const path = folder === '' ? name : `${folder}/${name}`;
    let isIgnored = false;
    // The rules of an inner folder decide over those of an outer one.
    for (const { folder: base, rules } of this.#rulesFor(folder)) {
      const relative = base === '' ? path : path.slice(base.length + 1);
      const { ignored, unignored } = rules.test(isFolder ? `${relative}/` : relative);
      isIgnored = ignored || (isIgnored && !unignored);
    }
    return isIgnored;
  }

  #rulesFor(folder: string): readonly FolderRules[] {
    const known = this.#rules.get(folder);
    if (known !== undefined) return known;
    const outer = folder === '' ? [] : this.#rulesFor(folder.slice(0, Math.max(folder.lastIndexOf('/'), 0)));
    const text = IGNORE_FILES.map((name) => readText(join(this.workspaceRoot, folder, name))).join('\n');
    const rules = text.trim() === '' ? outer : [...outer, { folder, rules: ignore().add(text) }];
    this.#rules.set(folder, rules);
    return rules;
  }
}

/** Finds the files beneath a folder that Nx would see and that are asked for, by paths relative to it. */
export function findFiles(workspaceRoot: string, isWanted: (path: string) => boolean): string[] {
  const ignored = new IgnoredFiles(workspaceRoot);
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of entriesOf(join(workspaceRoot, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!ignored.hides(folder, entry.name, true)) walk(path);
      } else if (isWanted(path) && !ignored.hides(folder, entry.name, false)) found.push(path);
    }
  };
  walk('');
  return found;
}

function entriesOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch {
    return [];
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
