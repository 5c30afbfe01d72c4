import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Puts what answers a prompt from a session that is kept into one file, `dist/cli/start.bundle.js`: on Node.js 20, which keeps
 * nothing of what it compiled, finding and reading dozens of small files takes longer than all that they do.
 */
export function bundleStart(root) {
  const folder = join(root, 'packages/nx-esc/dist/cli');
  return build({
    entryPoints: [join(folder, 'start.js')],
    outfile: join(folder, 'start.bundle.js'),
    // The command itself is loaded from its own files, where a prompt cannot be answered.
    external: ['./main'],
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node20.19',
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleStart(join(import.meta.dirname, '../..'));
