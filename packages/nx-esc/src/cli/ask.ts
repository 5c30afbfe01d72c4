import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Failure } from '../failures/failure';

/** Asks on the terminal for what nobody should see while it is typed. */
export async function askHidden(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `there is no terminal to ask on: ${question.replace(/: $/, '')}`,
      hint: 'give it on standard input or by a file',
    });
  }
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const interrupt = new AbortController();
  terminal.once('SIGINT', () =>
    interrupt.abort(new Failure({ class: 'deploy', code: 'cancelled', message: 'cancelled', exitCode: 130 })),
  );
  try {
    return await terminal.question('', { signal: interrupt.signal });
  } catch (error) {
    throw interrupt.signal.aborted ? interrupt.signal.reason : error;
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

/**
 * Reads a secret from a file, from standard input, or from the terminal: never from the command line, which others can
 * see. One line break at the end is not part of it, unless it comes from a file.
 */
export async function readSecretValue(question: string, file?: string): Promise<string> {
  if (file !== undefined) return file === '-' ? readFileSync(0, 'utf8') : readFileOrFail(file);
  if (process.stdin.isTTY) return askHidden(question);
  return readFileSync(0, 'utf8').replace(/\r?\n$/, '');
}

/** @throws Failure config/option-invalid for a file that cannot be read */
export function readFileOrFail(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      hint: 'name a file that is there',
    });
  }
}
