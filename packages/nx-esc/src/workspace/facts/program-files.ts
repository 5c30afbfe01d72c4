import { posix } from 'node:path';
import type { FactsSource } from './facts-reader';
import type { FileFacts } from './file-facts';

/** Tells whether there is a file, by path relative to the workspace. */
export interface FileLookup extends FactsSource {
  has(file: string): boolean;
  /** Keeps what was read for the next run. */
  save(): void;
}

const ENTRY_POINTS = ['index.ts', 'index.js', 'src/index.ts', 'src/index.js'];
const SUFFIXES = ['', '.ts', '.js', '.mts', '.cts', '.mjs', '.cjs', '.tsx', '.jsx', '/index.ts', '/index.js'];
const SOURCE = /\.[mc]?[jt]sx?$/;

/**
 * The files that a Pulumi project's program is made of: its entry point, and the relative modules that it imports.
 * Empty for a runtime that is neither Node.js nor YAML. The first file is the entry point.
 */
export function programFilesOf(projectFile: string, files: FileLookup): string[] {
  const folder = posix.dirname(projectFile);
  const { runtime, main = '' } = files.factsOf(projectFile).project ?? {};
  if (runtime === 'yaml') {
    return ['Main.yaml', 'Main.yml'].map((name) => posix.join(folder, main, name)).filter((file) => files.has(file));
  }
  if (runtime !== 'nodejs') return [];
  const entry = entryPointOf(posix.join(folder, main), files);
  if (entry === undefined) return [];
  const found = new Set([entry]);
  // A set is walked in the order of insertion, also over what is added on the way.
  for (const file of found) {
    for (const module of files.factsOf(file).modules ?? []) {
      const resolved = resolveModule(posix.join(posix.dirname(file), module), files);
      if (resolved !== undefined) found.add(resolved);
    }
  }
  return [...found];
}

/** The facts of a program's entry point: they have its outputs. */
export function entryFactsOf(projectFile: string, files: FileLookup): FileFacts | undefined {
  const facts = files.factsOf(projectFile);
  if (facts.outputs !== undefined) return facts;
  const [entry] = programFilesOf(projectFile, files);
  return entry === undefined ? undefined : files.factsOf(entry);
}

function entryPointOf(path: string, files: FileLookup): string | undefined {
  if (SOURCE.test(path)) return files.has(path) ? path : undefined;
  return ENTRY_POINTS.map((name) => posix.join(path, name)).find((file) => files.has(file));
}

/** The file of a program that a relative module is, by its path without or with an extension. */
export function resolveModule(path: string, files: FileLookup): string | undefined {
  if (path.startsWith('..')) return undefined;
  // TypeScript's own way to name a module is by the file that it will be compiled to.
  const source = path.replace(/\.([mc]?)js$/, '.$1ts');
  return [source, ...SUFFIXES.map((suffix) => path + suffix)].find((file) => SOURCE.test(file) && files.has(file));
}
