import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const requirements = join(here, 'requirements.txt');

/**
 * Installs moto, a server that stands in for AWS, into a virtual environment under ~/.cache/nx-esc, once for each
 * version. Answers the path of its Python.
 */
export function provisionMoto() {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'nx-esc', `moto-${version}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(join(folder, 'complete'))) return python;
  // A virtual environment cannot be moved: an unfinished one is made anew in its place.
  if (existsSync(folder)) {
    const stale = `${folder}.${process.pid}`;
    renameSync(folder, stale);
    rmSync(stale, { recursive: true, force: true });
  }
  mkdirSync(dirname(folder), { recursive: true });
  const options = { stdio: ['ignore', process.stderr, process.stderr] };
  execFileSync('python3', ['-m', 'venv', folder], options);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], options);
  writeFileSync(join(folder, 'complete'), '');
  return python;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  console.log(provisionMoto());
