import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPackages } from '../packages/install-packed.mjs';

/**
 * From an empty Nx workspace to a deployed app with no edit by hand, as a newcomer would: `create-nx-workspace`, the packed
 * packages, generators, `nx run api:deploy --env=staging`. Once for each major version of Nx that is supported; versions
 * as arguments select some.
 */
const VERSIONS = {
  '22.7.12': { workspace: '22.7.12' },
  '23.2.1': { workspace: '23.2.1' },
  // Nx 24 has no create-nx-workspace of its own yet: one of Nx 23 is taken to it.
  '24.0.6': { workspace: '23.2.1', nx: '24.0.6' },
};
/** Half of what a version takes is waiting for npm. */
const AT_ONCE = 2;
const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const AUTHOR = ['-c', 'user.name=Newcomer', '-c', 'user.email=newcomer@example.com'];
const tally = { passed: 0, failed: 0 };

async function main(args) {
  const selected = Object.entries(VERSIONS).filter(([version]) => args.length === 0 || args.includes(version));
  const folder = mkdtempSync(join(tmpdir(), 'nx-esc-newcomer-'));
  try {
    const tarballs = Object.values(packPackages(root));
    const waiting = selected.map(([version, request]) => ({ folder, tarballs, version, ...request }));
    const takeNext = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await newcomer(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, takeNext));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed > 0 ? 1 : 0;
}

async function newcomer({ folder, tarballs, version, workspace, nx: otherNx }) {
  const name = `acme-${version.split('.')[0]}`;
  const cwd = join(folder, name);
  const env = {
    ...process.env,
    CI: 'true',
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    FORCE_COLOR: '0',
    // What fails here is no annotation of the run that tests.
    GITHUB_ACTIONS: '',
    PULUMI_BACKEND_URL: `file://${join(cwd, '.state')}`,
    PULUMI_CONFIG_PASSPHRASE: 'passphrase-of-the-newcomer',
  };
  const run = (...command) => runCommand(command, { cwd, env });
  const nx = (...args) => run('npx', 'nx', ...args);
  const step = async (title, body) => {
    try {
      await body();
      tally.passed += 1;
      console.log(`  ✓ Nx ${version}: ${title}`);
    } catch (error) {
      tally.failed += 1;
      console.log(`  ✗ Nx ${version}: ${title}\n${error.message.replace(/^/gm, '      ')}`);
      throw new Abandoned();
    }
  };
  const file = (path) => readFileSync(join(cwd, path), 'utf8');

  try {
    await step('create-nx-workspace', async () => {
      const create = ['npx', '--yes', `create-nx-workspace@${workspace}`, name, '--preset=apps', '--nxCloud=skip'];
      await runCommand([...create, '--pm=npm', '--interactive=false'], { cwd: folder, env });
      mkdirSync(join(cwd, '.state'));
      if (otherNx !== undefined) {
        const manifest = JSON.parse(file('package.json'));
        manifest.devDependencies = { nx: otherNx };
        writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
      }
    });
    await step('npm install of the packages', () =>
      run('npm', 'install', '--no-audit', '--no-fund', '-D', ...tarballs),
    );
    await step('nx g nx-esc:init', async () => {
      await nx('g', 'nx-esc:init', '--organization=acme', '--pulumi=installed');
      assert(JSON.parse(file('nx.json')).plugins[0].plugin === 'nx-esc/plugin', 'the plugin is not registered');
    });
    await step('nx g nx-esc:stack', async () => {
      await nx('g', 'nx-esc:stack', 'infra', '--root=apps/infra');
      await nx('g', 'nx-esc:stack', 'api', '--root=apps/api');
    });
    await step('nx g nx-esc:environment', async () => {
      await nx('g', 'nx-esc:environment', 'api', '--dry-run');
      await nx('g', 'nx-esc:environment', 'api');
      await nx('g', 'nx-esc:environment', 'api');
    });
    await step('nx g nx-esc:stack-reference', async () => {
      await nx('g', 'nx-esc:stack-reference', 'api', '--stack=infra', '--outputs=service_name=INFRA_NAME');
      assert(file('apps/api/esc/staging.yaml').includes('INFRA_NAME: ${infra.infra.service_name}'), 'no variable');
    });
    await step('nx g nx-esc:stack-reference --to=program', async () => {
      await nx('g', 'nx-esc:stack-reference', 'api', '--stack=infra', '--to=program');
      await run('npx', 'tsc', '--noEmit', '-p', 'apps/api/stack');
    });
    await step('nx sync:check', () => nx('sync:check'));
    await step('nx g nx-esc:ci', async () => {
      for (const args of [['--distribution=matrix'], ['gitlab'], []]) await nx('g', 'nx-esc:ci', ...args);
      assert(file('.github/workflows/deploy.yml').includes('nx affected -t deploy --env=staging'), 'no deployment');
    });
    await step('nx list nx-esc', async () => {
      const output = await nx('list', 'nx-esc');
      for (const name of ['environment', 'stack', 'ci', 'oidc', 'deploy', 'preview'])
        assert(new RegExp(`^\\s*${name} : \\S`, 'm').test(output), output);
    });
    await step('nx affected -t deploy --env=staging', async () => {
      await run('git', 'add', '.');
      await run('git', ...AUTHOR, 'commit', '-qm', 'change', '--no-verify');
      const output = await nx(
        'affected',
        '-t',
        'deploy',
        '--env=staging',
        '--base=HEAD~1',
        '--head=HEAD',
        '--graph=stdout',
      );
      const { tasks } = JSON.parse(output.slice(output.indexOf('{')));
      assert('api:deploy' in tasks.tasks, output);
      const needed = [
        ...(tasks.dependencies['api:deploy'] ?? []),
        ...(tasks.continuousDependencies?.['api:deploy'] ?? []),
      ];
      assert(needed.includes('infra:deploy'), output);
    });
    await step('what is generated checks clean', async () => {
      const output = await run('npx', 'nx-esc', 'check');
      assert(!/warning|error/i.test(output), output);
    });
    await step('nx run api:deploy --env=staging', async () => {
      const output = await nx('run', 'api:deploy', '--env=staging', '--output-style=stream');
      assert(output.indexOf('infra/staging') < output.indexOf('api/staging'), 'infra was not deployed first');
    });
    await step('the environment says what was deployed', async () => {
      const output = await run('npx', 'nx-esc', 'open', 'api/staging', '--format', 'json');
      assert(JSON.parse(output).environmentVariables.INFRA_NAME === 'infra-staging', output);
    });
    await step('an environment that does not exist is refused', async () => {
      const output = await nx('run', 'api:deploy', '--env=stagign').catch((error) => error.message);
      assert(output.includes('config/environment-not-found'), output);
    });
    // From here on a deployment needs the roles.
    await step('nx g nx-esc:oidc', async () => {
      await nx('g', 'nx-esc:oidc', 'api', '--repository=acme/shop', '--account=123456789012');
      const { environments } = JSON.parse(file('nx.json')).plugins[0].options;
      assert(environments['api/staging'].deployRole.endsWith('role/api-staging-deploy'), JSON.stringify(environments));
    });
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
  }
}

/** What comes after a step that failed cannot be tried. */
class Abandoned extends Error {}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

/** Runs a command and answers its standard output; rejects with all of its output if it fails. */
function runCommand([command, ...args], { cwd, env }) {
  return new Promise((done, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (chunk) => ((stdout += chunk), (output += chunk)));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) done(stdout);
      else reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}\n${output}`));
    });
  });
}

await main(process.argv.slice(2));
