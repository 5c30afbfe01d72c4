const { execFileSync } = require('node:child_process');
const { resolve } = require('node:path');

/** The workspaces of the tests use the built packages, as those of users do. */
module.exports = () => {
  const root = resolve(__dirname, '..', '..');
  const compiler = require.resolve('typescript/bin/tsc');
  for (const args of [[compiler, '-b', 'tsconfig.json'], ['tools/packages/bundle-start.mjs']])
    execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
};
