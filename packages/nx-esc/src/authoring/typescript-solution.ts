import { posix } from 'node:path';
import { joinPathFragments, type Tree } from '@nx/devkit';
import { applyEdits, modify, parse } from 'jsonc-parser';

const ROOT = 'tsconfig.json';

interface Solution {
  readonly files?: unknown;
  readonly references?: readonly { readonly path?: unknown }[];
}

/**
 * The tsconfig.json that lists what `tsc --build` compiles of a project: its own, else that of the workspace. Undefined
 * where the workspace is not made of TypeScript's project references.
 */
export function solutionFor(tree: Tree, projectRoot: string): string | undefined {
  const { files, references } = readSolution(tree, ROOT);
  if (references === undefined || !Array.isArray(files) || files.length > 0) return undefined;
  const own = joinPathFragments(projectRoot, ROOT);
  return readSolution(tree, own).references === undefined ? ROOT : own;
}

/** Adds a folder with a tsconfig.json to a list of references, unless it is there; comments stay. */
export function addReference(tree: Tree, solution: string, folder: string): void {
  const text = tree.read(solution, 'utf8') ?? '{}';
  const path = posix.relative(posix.dirname(solution), folder);
  const { references = [] } = readSolution(tree, solution);
  const known = references.map((reference) => posix.join(String(reference.path)).replace(/\/(?:tsconfig\.json)?$/, ''));
  if (known.includes(path)) return;
  const edits = modify(
    text,
    ['references', references.length],
    { path: `./${path}` },
    {
      isArrayInsertion: true,
      formattingOptions: { insertSpaces: true, tabSize: 2 },
    },
  );
  tree.write(solution, applyEdits(text, edits));
}

function readSolution(tree: Tree, file: string): Solution {
  const parsed: unknown = parse(tree.read(file, 'utf8') ?? '', [], { allowTrailingComma: true });
  const { files, references } = (parsed ?? {}) as Solution;
  return { files, ...(Array.isArray(references) && { references }) };
}
