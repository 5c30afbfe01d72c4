import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve(__dirname, '../../transcripts');

/** A transcript as it is written, and as it came out now. */
export interface PlayedTranscript {
  readonly expected: string;
  readonly actual: string;
}

/**
 * Runs the commands of a transcript (lines that begin with `$ `) one after the other in a shell, and writes down what
 * they print, standard output before standard error, and how they end. `normalize` takes out what is new every time.
 * With UPDATE_TRANSCRIPTS=1 the file is written anew: review what changed.
 */
export async function playTranscript(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  normalize: (output: string) => string,
): Promise<PlayedTranscript> {
  const file = resolve(FOLDER, `${name}.txt`);
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const lines: string[] = [];
  for (const line of expected.split('\n').filter((text) => /^[#$] /.test(text))) {
    lines.push(line);
    if (!line.startsWith('$ ')) continue;
    const { output, code } = await runShell(line.slice(2), env);
    const printed = normalize(output).trimEnd();
    if (printed !== '') lines.push(...printed.split('\n').map((text) => `  ${text}`.trimEnd()));
    if (code !== 0) lines.push(`  [exit ${code}]`);
  }
  const actual = `${lines.join('\n')}\n`;
  if (process.env.UPDATE_TRANSCRIPTS !== '1') return { expected, actual };
  writeFileSync(file, actual);
  return { expected: actual, actual };
}

function runShell(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly output: string; readonly code: number }> {
  return new Promise((done, reject) => {
    const child = spawn('sh', ['-c', command], { env: env as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] });
    const streams = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (streams.stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (streams.stderr += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => done({ output: streams.stdout + streams.stderr, code: code ?? 1 }));
  });
}
