import { posix } from 'node:path';
import { type FileLookup, resolveModule } from './program-files';

const IMPORTED = /\$\{import ([^#}]*)#([^}]*)\}/g;
const MAXIMUM_DEPTH = 10;

/** Puts in what the modules of a program export; `${?}` for what they do not, or not as a plain text. */
export function resolveImportedTexts(text: string, file: string, files: FileLookup, depth = 0): string {
  if (!text.includes('${import ')) return text;
  return text.replace(IMPORTED, (_, module: string, name: string) => {
    const source = resolveModule(posix.join(posix.dirname(file), module), files);
    const constant = source === undefined ? undefined : files.factsOf(source).constants?.[name];
    if (source === undefined || constant === undefined || depth >= MAXIMUM_DEPTH) return '${?}';
    return resolveImportedTexts(constant, source, files, depth + 1);
  });
}
