import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPackages } from '../packages/install-packed.mjs';

/**
 * From an empty Nx workspace to a deployed app with no edit by hand, as a newcomer would: the commands of
 * docs/getting-started.md, with the packed packages. Once for each major version of Nx that is supported; versions as
 * arguments select some.
 */
const VERSIONS = {
  '22.7.12': { workspace: '22.7.12' },
  '23.2.1': { workspace: '23.2.1' },
  // Nx 24 has no create-nx-workspace of its own yet: one of Nx 23 is taken to it.
  '24.0.6': { workspace: '23.2.1', nx: '24.0.6' },
};
const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
/** Most of a newcomer's time is waiting for npm. */
const AT_ONCE = 2;
const AUTHOR = ['-c user.name=Newcomer', '-c user.email=newcomer@example.com'].join(' ');
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

/** What must be so after a command of the page. */
const CHECKS = {
  'npx nx g nx-esc:init': ({ file }) =>
    assert(JSON.parse(file('nx.json')).plugins[0].plugin === 'nx-esc/plugin', 'the plugin is not registered'),
  'npx nx g nx-esc:stack-reference': ({ file }) =>
    assert(file('apps/api/esc/staging.yaml').includes('INFRA_NAME: ${infra.infra.service_name}'), 'no variable'),
  'npx nx g nx-esc:config-types': ({ file }) =>
    assert(file('apps/api/src/environment.ts').includes('readonly INFRA_NAME: string;'), 'no type'),
  'npx nx-esc check': ({ output }) => assert(!/warning|error/i.test(output), output),
  'npx nx run api:deploy': ({ output }) =>
    assert(output.indexOf('infra/staging') < output.indexOf('api/staging'), 'infra was not deployed first'),
  'npx nx-esc open': ({ output }) =>
    assert(JSON.parse(output).environmentVariables.INFRA_NAME === 'infra-staging', output),
};

/** The commands of the page, in their order. */
function commandsOfPage() {
  const page = readFileSync(join(root, 'docs/getting-started.md'), 'utf8');
  const commands = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) => block.trim().split('\n'));
  for (const start of Object.keys(CHECKS)) {
    assert(commands.filter((command) => command.startsWith(start)).length === 1, `the page has no ${start}`);
  }
  return commands;
}

async function newcomer({ folder, tarballs, version, workspace, nx }) {
  const name = `acme-${version.split('.')[0]}`;
  const cwd = join(folder, name);
  const env = {
    ...process.env,
    CI: 'true',
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    // What fails here is no annotation of the run that tests.
    GITHUB_ACTIONS: '',
    NX_DEFAULT_OUTPUT_STYLE: 'stream',
    FORCE_COLOR: '0',
  };
  const file = (path) => readFileSync(join(cwd, path), 'utf8');
  const exported = [];
  const shell = (command, where = cwd) =>
    runCommand(['bash', '-c', ['set -e', ...exported, command].join('\n')], { cwd: where, env });

  const perform = async (command) => {
    if (command.startsWith('npx create-nx-workspace')) {
      await shell(
        command.replace('npx create-nx-workspace@latest acme', `npx --yes create-nx-workspace@${workspace} ${name}`),
        folder,
      );
      if (nx !== undefined) useNx(cwd, nx);
      return '';
    }
    if (command === 'cd acme') return '';
    if (command.startsWith('export ')) exported.push(command);
    if (command.startsWith('npm install')) {
      return shell(`${command.replace('nx-esc', tarballs.join(' '))} --no-audit --no-fund`);
    }
    return shell(command);
  };

  try {
    for (const command of commandsOfPage()) {
      await step(`${version}: ${command}`, async () => {
        const output = await perform(command);
        const check = Object.keys(CHECKS).find((start) => command.startsWith(start));
        if (check !== undefined) CHECKS[check]({ output, file });
      });
    }
    await step(`${version}: a generator that is run again changes nothing`, async () => {
      const before = file('apps/api/esc/staging.yaml');
      await shell('npx nx g nx-esc:environment api --dry-run');
      await shell('npx nx g nx-esc:environment api');
      assert(file('apps/api/esc/staging.yaml') === before, 'the environment has changed');
    });
    await step(`${version}: what was generated is in step`, () => shell('npx nx sync:check'));
    await step(`${version}: the program reads a stack`, async () => {
      await shell('npx nx g nx-esc:stack-reference api --stack=infra --to=program');
      await shell('npx tsc --noEmit -p apps/api/stack');
    });
    await step(`${version}: pipelines`, async () => {
      for (const args of ['--distribution=matrix', 'gitlab', '']) await shell(`npx nx g nx-esc:ci ${args}`);
      assert(file('.github/workflows/deploy.yml').includes('nx affected -t deploy --env=staging'), 'no deployment');
    });
    await step(`${version}: nx list nx-esc`, async () => {
      const output = await shell('npx nx list nx-esc');
      for (const each of ['environment', 'stack', 'ci', 'oidc', 'deploy', 'preview'])
        assert(new RegExp(`^\\s*${each} : \\S`, 'm').test(output), output);
    });
    await step(`${version}: nx affected -t deploy --env=staging`, async () => {
      await shell(`git add . && git ${AUTHOR} commit -qm change --no-verify`);
      const output = await shell('npx nx affected -t deploy --env=staging --base=HEAD~1 --head=HEAD --graph=stdout');
      const { tasks } = JSON.parse(output.slice(output.indexOf('{')));
      assert('api:deploy' in tasks.tasks, output);
      // Nx 24 has objects where Nx 23 has names.
      const needed = (tasks.dependencies['api:deploy'] ?? []).map((each) => each.id ?? each);
      assert(needed.includes('infra:deploy'), output);
    });
    await step(`${version}: an environment that does not exist is refused`, async () => {
      const output = await shell('npx nx run api:deploy --env=stagign').catch((error) => error.message);
      assert(output.includes('config/environment-not-found'), output);
    });
    // From here on a deployment needs the roles.
    await step(`${version}: roles`, async () => {
      await shell('npx nx g nx-esc:oidc api --repository=acme/shop --account=123456789012');
      const { environments } = JSON.parse(file('nx.json')).plugins[0].options;
      assert(environments['api/staging'].deployRole.endsWith('role/api-staging-deploy'), JSON.stringify(environments));
    });
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
  }
}

/** Takes a new workspace to another version of Nx. */
function useNx(cwd, version) {
  const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  manifest.devDependencies = { nx: version };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
}

async function step(title, body) {
  try {
    await body();
    tally.passed += 1;
    console.log(`  ✓ Nx ${title}`);
  } catch (error) {
    tally.failed += 1;
    console.log(`  ✗ Nx ${title}\n${error.message.replace(/^/gm, '      ')}`);
    throw new Abandoned();
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
