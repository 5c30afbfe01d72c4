import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const folder = import.meta.dirname;

/** Builds the reference evaluator's program once per state of its sources, and answers its path. Needs Go. */
export function buildOracle() {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort())
    if (!name.endsWith('.mjs')) hash.update(readFileSync(join(folder, name)));
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'nx-esc', 'oracle');
  const program = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const partial = `${program}.${process.pid}`;
  const { status, error } = spawnSync('go', ['build', '-o', partial, '.'], { cwd: folder, stdio: ['ignore', 2, 2] });
  if (error !== undefined) throw new Error('the reference evaluator needs Go: https://go.dev/dl');
  if (status !== 0) throw new Error('the reference evaluator does not build; see the lines above');
  renameSync(partial, program);
  return program;
}

/** The reference evaluator in a process of its own, asked one question at a time. */
export class Oracle {
  #program;
  #timeout;
  #child;

  constructor({ program = buildOracle(), timeout = 20_000 } = {}) {
    this.#program = program;
    this.#timeout = timeout;
  }

  /** Answers the line of JSON text for a request, or undefined where the reference crashed or did not come to an end. */
  ask(request) {
    const { child, lines } = (this.#child ??= this.#start());
    return new Promise((resolve) => {
      const finish = (line) => {
        clearTimeout(timer);
        lines.off('line', finish);
        child.off('close', onEnd);
        resolve(line);
      };
      const onEnd = () => {
        this.#child = undefined;
        finish(undefined);
      };
      const timer = setTimeout(() => child.kill('SIGKILL'), this.#timeout);
      lines.once('line', finish);
      child.once('close', onEnd);
      child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Asks what a case gives: `files` maps `env` and the names of its imports to their bytes. */
  askCase({ name, files, overrides = {} }) {
    const encoded = Object.fromEntries(
      Object.entries(files).map(([key, bytes]) => [key, Buffer.from(bytes).toString('base64')]),
    );
    return this.ask({ op: 'case', name, files: encoded, overrides });
  }

  close() {
    this.#child?.child.kill('SIGKILL');
    this.#child = undefined;
  }

  #start() {
    const child = spawn(this.#program, [], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.on('error', () => {});
    return { child, lines: createInterface({ input: child.stdout, crlfDelay: Infinity }) };
  }
}
