import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provisionMoto } from '../aws-emulator/provision.mjs';
import { provisionCheckers } from '../checkers/provision.mjs';
import { provisionBrowser } from './browser.mjs';
import { suites } from './suites.mjs';

/**
 * Runs the suites and ends with `N passed, N failed` over all of them. `npm test` runs the tests; with `--all` the
 * checks of `npm run verify` come first; names as arguments select single suites.
 */
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const reports = join(root, 'tmp', 'reports');

async function main(args) {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const selected = suites(root).filter((suite) =>
    names.length > 0 ? names.includes(suite.name) : args.includes('--all') || suite.group === 'test',
  );
  await mkdir(reports, { recursive: true });
  const environment = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', FORCE_COLOR: '0' };
  if (selected.some((suite) => suite.needsPulumi)) {
    const bin = await provisionPulumi(environment);
    environment.PATH = `${bin}:${environment.PATH}`;
  }

  const total = { passed: 0, failed: 0 };
  const broken = [];
  const browser = selected.some((suite) => suite.needsBrowser) ? provisionBrowser() : undefined;
  if (browser !== undefined) environment.CHROMIUM = browser;
  const hasGo = spawnSync('go', ['version']).status === 0;
  const hasPython = spawnSync('python3', ['--version']).status === 0;
  if (hasPython && selected.some((suite) => suite.needsMoto)) prepare('moto', provisionMoto);
  if (selected.some((suite) => suite.needsCheckers)) prepare('checkers', provisionCheckers);
  for (const suite of selected) {
    if (suite.needsMoto && !hasPython) {
      console.log(`\n=== ${suite.name}: left out, its AWS needs Python 3`);
      continue;
    }
    if (suite.needsGo && !hasGo) {
      console.log(`\n=== ${suite.name}: left out, it compares with the reference evaluator, which needs Go`);
      continue;
    }
    if (suite.needsBrowser && browser === undefined) {
      console.log(`\n=== ${suite.name}: left out, it needs Chromium (set CHROMIUM to its path)`);
      continue;
    }
    const started = Date.now();
    console.log(`\n=== ${suite.name}`);
    const result = await runSuite(suite, environment);
    total.passed += result.passed;
    total.failed += result.failed;
    if (result.failed > 0) broken.push(suite.name);
    console.log(`=== ${suite.name}: ${result.passed} ok, ${result.failed} not ok, ${seconds(started)} s`);
  }

  if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

async function runSuite(suite, environment) {
  if (suite.kind === 'jest') return runJest(suite, environment);
  const { code, lastLine } = await run(suite.command, environment);
  if (suite.kind === 'check') return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  const counts = /^(\d+) passed, (\d+) failed$/.exec(lastLine);
  if (counts === null) return { passed: 0, failed: 1 };
  const failed = Number(counts[2]);
  return { passed: Number(counts[1]), failed: code !== 0 && failed === 0 ? 1 : failed };
}

async function runJest(suite, environment) {
  const report = join(reports, `${suite.name}.json`);
  await rm(report, { force: true });
  const { code } = await run([...suite.command, '--json', `--outputFile=${report}`, '--silent'], environment, {
    quietStdout: true,
  });
  const results = await readFile(report, 'utf8').then(JSON.parse, () => undefined);
  if (results === undefined || results.numTotalTests === 0) return { passed: 0, failed: 1 };
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  return { passed: results.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** Installs a tool now, so that no test has to wait for it. What goes wrong shows in the suites that need it. */
function prepare(name, provision) {
  console.log(`\n=== ${name}`);
  try {
    provision();
  } catch (error) {
    console.error(error.message);
  }
}

async function provisionPulumi(environment) {
  console.log('\n=== pulumi');
  const { code, lastLine } = await run([process.execPath, 'tools/pulumi-cli/provision.mjs'], environment);
  if (code !== 0) throw new Error('pulumi could not be provisioned; see the lines above');
  return lastLine.trim();
}

/** Runs a command, passing its output on; answers its exit code and the last line of its standard output. */
function run([command, ...args], env, { quietStdout = false } = {}) {
  return new Promise((resolvePromise, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let tail = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk) => {
      if (!quietStdout) process.stdout.write(chunk);
      tail = (tail + chunk).slice(-4096);
    });
    child.on('error', reject);
    child.on('close', (code) => resolvePromise({ code: code ?? 1, lastLine: tail.trimEnd().split('\n').at(-1) ?? '' }));
  });
}

function seconds(started) {
  return ((Date.now() - started) / 1000).toFixed(1);
}

await main(process.argv.slice(2));
