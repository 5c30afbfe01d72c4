import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGES = ['esc-eval', 'nx-esc'];

/**
 * Installs both packages as users get them, packed and from tarballs, beside others: `{ nx: '24.0.6' }`. Answers the
 * folder, which holds a `node_modules` to link to; it is kept between runs, since npm is quick with what is there.
 */
export function installPacked(root, { name, packages, tarballs = packPackages(root) }) {
  const folder = join(root, 'tmp', 'installs', name);
  mkdirSync(folder, { recursive: true });
  // Packages of one name and version would not be installed anew, though their content is another.
  for (const each of PACKAGES) rmSync(join(folder, 'node_modules', each), { recursive: true, force: true });
  rmSync(join(folder, 'package-lock.json'), { force: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'workspace', private: true, dependencies: { ...packages, ...tarballs } }),
  );
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], folder);
  return folder;
}

/** Builds and packs both packages; answers their tarballs as dependencies. */
export function packPackages(root) {
  run('npm', ['run', '--silent', 'build'], root);
  const folder = join(root, 'tmp', 'tarballs');
  mkdirSync(folder, { recursive: true });
  return Object.fromEntries(
    PACKAGES.map((each) => {
      const packed = run('npm', ['pack', '--silent', '--pack-destination', folder], join(root, 'packages', each));
      return [each, `file:${join(folder, packed.trim().split('\n').at(-1))}`];
    }),
  );
}

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${stderr}${stdout}`);
  return stdout;
}
