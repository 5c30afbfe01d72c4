import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Builds and packs our packages as they are published; answers the paths of the tarballs, each after those it needs. */
export function packPackages(root, destination) {
  const compiler = createRequire(join(root, 'package.json')).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-b', 'tsconfig.json'], { cwd: root, stdio: 'inherit' });
  const packed = execFileSync(
    'npm',
    ['pack', '--json', '-w', 'packages/esc-eval', '-w', 'packages/nx-esc', '--pack-destination', destination],
    { cwd: root, encoding: 'utf8' },
  );
  const results = JSON.parse(packed);
  return (Array.isArray(results) ? results : Object.values(results)).map(({ filename }) => join(destination, filename));
}
