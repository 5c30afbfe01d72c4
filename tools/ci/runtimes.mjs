import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs the unit tests with the newer versions of Node.js that packages promise to run with, and ends with a count. They
 * come from npm, so that nothing has to be installed by hand; the versions that `npm test` itself runs with are left out.
 */
const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const MAJORS = ['22', '24'];
/** What the unit tests leave out, and a long test of time and memory. The command's patterns take the place of the others. */
const { testPathIgnorePatterns } = createRequire(import.meta.url)('../../packages/nx-esc/jest.config.cjs');
const LEFT_OUT = [...testPathIgnorePatterns, 'hostile-input'];

let [passed, failed] = [0, 0];
for (const major of MAJORS.filter((each) => !process.version.startsWith(`v${each}.`))) {
  const results = runTests(provisionNode(major), join(root, 'tmp', 'reports', `node-${major}.json`));
  console.log(`Node.js ${major}: ${results.passed} passed, ${results.failed} failed`);
  passed += results.passed;
  failed += results.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** The program, installed as npm has it for this platform. */
function provisionNode(major) {
  const folder = join(root, 'tmp', 'installs', `node-${major}`);
  const name = `node-${process.platform}-${process.arch}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: `^${major}` } }));
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`Node.js ${major} could not be installed: ${stderr}`);
  return join(folder, 'node_modules', name, 'bin', 'node');
}

function runTests(node, report) {
  rmSync(report, { force: true });
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = [jest, '--config', 'jest.config.cjs', '--testPathIgnorePatterns', ...LEFT_OUT, '--json'];
  const { status } = spawnSync(node, [...args, `--outputFile=${report}`, '--silent'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  const broken = numFailedTests + numRuntimeErrorTestSuites;
  return { passed: numPassedTests, failed: status !== 0 && broken === 0 ? 1 : broken };
}
