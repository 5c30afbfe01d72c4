import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE_OF_COMMAND = { tsc: 'typescript', depcruise: 'dependency-cruiser' };

/**
 * The suites of the repository in the order in which they run. `kind` says how a result is counted: a `check` is one
 * test, by its exit code; `jest` and `counted` (a last line `N passed, N failed`) say how many there were.
 */
export function suites(root) {
  const tool = (name, ...args) => [process.execPath, commandFile(root, name), ...args];
  const jest = (config, ...args) => tool('jest', '--config', config, ...args);
  return [
    {
      name: 'format',
      group: 'verify',
      kind: 'check',
      command: tool('prettier', '--check', '--log-level', 'warn', '.'),
    },
    { name: 'lint', group: 'verify', kind: 'check', command: tool('eslint', '.') },
    { name: 'types', group: 'verify', kind: 'check', command: tool('tsc', '-b', 'tsconfig.json') },
    {
      name: 'layers',
      group: 'verify',
      kind: 'check',
      command: tool('depcruise', '--config', '.dependency-cruiser.cjs', 'packages'),
    },
    { name: 'unused', group: 'verify', kind: 'check', command: tool('knip') },
    { name: 'docs', group: 'verify', kind: 'check', command: [process.execPath, 'tools/docs/docs.mjs', '--check'] },
    { name: 'unit', group: 'test', kind: 'jest', command: jest('jest.config.cjs') },
    {
      name: 'runtimes',
      group: 'test',
      kind: 'counted',
      command: [process.execPath, 'tools/ci/runtimes.mjs'],
    },
    {
      name: 'integration',
      group: 'test',
      kind: 'jest',
      needsPulumi: true,
      needsCheckers: true,
      command: jest('jest.integration.config.cjs', '--maxWorkers=2'),
    },
    {
      name: 'affected',
      group: 'test',
      kind: 'counted',
      command: [process.execPath, 'tools/affected/affected.mjs'],
    },
    {
      name: 'browser',
      group: 'test',
      kind: 'jest',
      needsBrowser: true,
      command: jest('packages/nx-esc/jest.browser.config.cjs'),
    },
    {
      name: 'aws',
      group: 'test',
      kind: 'jest',
      needsMoto: true,
      needsCheckers: true,
      needsPulumi: true,
      command: jest('packages/nx-esc/jest.aws.config.cjs', '--runInBand'),
    },
    {
      name: 'conformance',
      group: 'test',
      kind: 'counted',
      command: [process.execPath, 'tools/conformance/conformance.mjs', 'packages/esc-eval/cases'],
    },
    {
      name: 'reference',
      group: 'test',
      kind: 'counted',
      needsGo: true,
      command: [process.execPath, 'tools/conformance/verify.mjs', 'packages/esc-eval/cases'],
    },
    {
      name: 'fuzz',
      group: 'test',
      kind: 'counted',
      needsGo: true,
      command: [process.execPath, 'tools/fuzz/fuzz.mjs', '--seeds', '300'],
    },
    {
      name: 'newcomer',
      group: 'test',
      kind: 'counted',
      needsPulumi: true,
      command: [process.execPath, 'tools/e2e/newcomer.mjs'],
    },
    // Twice: the second run goes on from the first. The demo runs the plugin from source, the other suites its build.
    ...['demo', 'demo again'].map((name) => ({
      name,
      group: 'demo',
      kind: 'check',
      needsPulumi: true,
      command: [process.execPath, 'tools/demo/demo.mjs'],
    })),
    {
      name: 'demo:aws',
      group: 'demo',
      kind: 'check',
      needsMoto: true,
      needsPulumi: true,
      command: [process.execPath, 'tools/demo/aws.mjs'],
    },
    { name: 'demo:clean', group: 'demo', kind: 'check', command: [process.execPath, 'tools/demo/clean.mjs'] },
  ];
}

function commandFile(root, name) {
  const folder = join(root, 'node_modules', PACKAGE_OF_COMMAND[name] ?? name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}
