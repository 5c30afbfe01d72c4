import { posix } from 'node:path';
import { Failure } from '../failures/failure';

const BLOCK = /^([ \t]*)# nx-esc:watch[ \t]+(\S+)[ \t]*\n([^]*?)^[ \t]*# nx-esc:end[ \t]*$/gm;

/** Gives the files that something is made from, relative to the workspace; undefined for what there is not. */
export type FilesOf = (name: string) => readonly string[] | undefined;

/**
 * Writes the lists between `# nx-esc:watch <name>` and `# nx-esc:end`: of `watch_file` lines in an `.envrc`, of paths in a
 * workflow. Everything else stays as it is.
 *
 * @throws Failure config/environment-not-found
 */
export function writeWatchBlocks(file: string, text: string, filesOf: FilesOf): string {
  return text.replace(BLOCK, (_, indent: string, name: string, _list: string, offset: number) => {
    const files = filesOf(name);
    if (files === undefined) {
      const line = text.slice(0, offset).split('\n').length;
      throw new Failure({
        class: 'config',
        code: 'environment-not-found',
        message: `there is no environment or stack "${name}" to watch`,
        location: { file, line, column: indent.length + 1 },
        hint: 'name one as project/environment, or take the block out',
      });
    }
    const lines = files.map((each) => `${indent}${lineFor(file, each)}\n`).join('');
    return `${indent}# nx-esc:watch ${name}\n${lines}${indent}# nx-esc:end`;
  });
}

/** The line of an `.envrc` that watches a file; both are relative to the workspace. */
export function watchLine(envrc: string, watched: string): string {
  const path = posix.relative(posix.dirname(envrc), watched);
  return `watch_file ${/^[\w./@-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`}`;
}

function lineFor(file: string, watched: string): string {
  return file.endsWith('.envrc') ? watchLine(file, watched) : `- '${watched.replaceAll("'", "''")}'`;
}
