import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPackages } from '../packages/install-packed.mjs';
import { assert, Journey } from './journey.mjs';
import { startLocalRegistry } from './local-registry.mjs';
import { MIGRATED_TARGET, NEXT_VERSION, packNextVersion } from './next-version.mjs';
import { typescriptSolution } from './typescript-solution.mjs';

/**
 * From an empty Nx workspace to a deployed app with no edit by hand, as a newcomer would: the commands of
 * docs/getting-started.md, with the packed packages. Once for each major version of Nx that is supported, and once in a
 * workspace of TypeScript project references; versions, or `references`, as arguments select some.
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
async function main(args) {
  const isWanted = (name) => args.length === 0 || args.includes(name);
  const folder = mkdtempSync(join(tmpdir(), 'nx-esc-newcomer-'));
  let registry;
  try {
    const tarballs = Object.values(packPackages(root));
    const current = tarballs.at(-1).replace('file:', '');
    const next = packNextVersion(current, join(folder, 'next'));
    registry = await startLocalRegistry([current, next]);
    const context = { folder, tarballs, next, registry: registry.url };
    const waiting = Object.entries(VERSIONS)
      .filter(([version]) => isWanted(version))
      .map(
        ([version, request]) =>
          () =>
            newcomer({ ...context, version, ...request }),
      );
    if (isWanted('references')) waiting.unshift(() => typescriptSolution(context));
    const takeNext = async () => {
      for (let take = waiting.shift(); take !== undefined; take = waiting.shift()) await take();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, takeNext));
  } finally {
    registry?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\n${Journey.passed} passed, ${Journey.failed} failed`);
  process.exitCode = Journey.failed > 0 ? 1 : 0;
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

async function newcomer({ folder, tarballs, version, workspace, nx, registry, next }) {
  const journey = new Journey(`Nx ${version}`, { folder, name: `acme-${version.split('.')[0]}` });
  const file = (path) => journey.file(path);

  const perform = async (command) => {
    if (command.startsWith('npx create-nx-workspace')) {
      const named = `npx --yes create-nx-workspace@${workspace} ${journey.name}`;
      await journey.shell(command.replace('npx create-nx-workspace@latest acme', named), { cwd: folder });
      if (nx !== undefined) useNx(journey.cwd, nx);
      return '';
    }
    if (command === 'cd acme') return '';
    if (command.startsWith('export ')) journey.export(command);
    if (command.startsWith('npm install')) {
      return journey.shell(`${command.replace('nx-esc', tarballs.join(' '))} --no-audit --no-fund`);
    }
    return journey.shell(command);
  };

  await journey.take(async () => {
    for (const command of commandsOfPage()) {
      await journey.step(command, async () => {
        const output = await perform(command);
        const check = Object.keys(CHECKS).find((start) => command.startsWith(start));
        if (check !== undefined) CHECKS[check]({ output, file });
      });
    }
    await stepsAfterThePage(journey);
    await migrate(journey, { registry, next });
  });
}

async function stepsAfterThePage(journey) {
  await journey.step('what was generated is in step', () => journey.shell('npx nx sync:check'));
  await journey.step('the program reads a stack', async () => {
    await journey.shell('npx nx g nx-esc:stack-reference api --stack=infra --to=program');
    await journey.shell('npx tsc --noEmit -p apps/api/stack');
  });
  await journey.step('pipelines', async () => {
    for (const args of ['--distribution=matrix', 'gitlab', '']) await journey.shell(`npx nx g nx-esc:ci ${args}`);
    const workflow = journey.file('.github/workflows/deploy.yml');
    assert(workflow.includes('nx affected -t deploy --env=staging'), 'no deployment');
  });
  await journey.step('nx list nx-esc', async () => {
    const output = await journey.shell('npx nx list nx-esc');
    for (const each of ['environment', 'stack', 'ci', 'oidc', 'deploy', 'preview'])
      assert(new RegExp(`^\\s*${each} : \\S`, 'm').test(output), output);
  });
  await journey.step('an environment that does not exist is refused', async () => {
    const output = await journey.shell('npx nx run api:deploy --env=stagign').catch((error) => error.message);
    assert(output.includes('config/environment-not-found'), output);
  });
  // From here on a deployment needs the roles.
  await journey.step('roles', async () => {
    await journey.shell('npx nx g nx-esc:oidc api --repository=acme/shop --account=123456789012');
    const { environments } = JSON.parse(journey.file('nx.json')).plugins[0].options;
    assert(environments['api/staging'].deployRole.endsWith('role/api-staging-deploy'), JSON.stringify(environments));
  });
  await journey.step('nx affected -t deploy --env=staging', async () => {
    await journey.commit();
    const affected = 'npx nx affected -t deploy --env=staging --base=HEAD~1 --head=HEAD';
    const output = await journey.shell(`${affected} --graph=stdout`);
    const { tasks } = JSON.parse(output.slice(output.indexOf('{')));
    const [first, ...others] = Object.keys(tasks.tasks).sort();
    assert(first === 'api:deploy' && others.join() === 'infra:deploy', output);
    // Nx 24 has objects where Nx 23 has names.
    const needed = (tasks.dependencies['api:deploy'] ?? []).map((each) => each.id ?? each);
    assert(needed.includes('infra:deploy'), output);
  });
}

/**
 * What `nx migrate` does by default with the newest Nx, it does here with that of the workspace. Nx 24 installs nothing
 * into the home of somebody whose home is in the temporary folder, as that of a CI may be, unless it is told to.
 */
const LOCAL_NX = { NX_USE_LOCAL: 'true', NX_MIGRATE_USE_LOCAL: 'true', NX_ALLOW_INSECURE_DIRECTORIES: 'true' };

async function migrate(journey, { registry, next }) {
  await journey.step('nx migrate nx-esc', async () => {
    await journey.shell('npx nx migrate nx-esc@latest', { env: { ...LOCAL_NX, npm_config_registry: registry } });
    const { devDependencies } = JSON.parse(journey.file('package.json'));
    assert(devDependencies['nx-esc'] === NEXT_VERSION, JSON.stringify(devDependencies));
  });
  await journey.step('nx migrate --run-migrations', async () => {
    // Stands for the npm install of a version that is in the registry.
    await journey.shell(`npm install --save-dev ${next} --no-audit --no-fund --prefer-offline`);
    await journey.shell('npx nx migrate --run-migrations', { env: LOCAL_NX });
    const { openTargetName } = JSON.parse(journey.file('nx.json')).plugins[0].options;
    assert(openTargetName === MIGRATED_TARGET, `the target is called ${openTargetName}`);
    const { targets } = JSON.parse(await journey.shell('npx nx show project api --json'));
    assert(MIGRATED_TARGET in targets, Object.keys(targets).join());
  });
}

/** Takes a new workspace to another version of Nx. */
function useNx(cwd, version) {
  const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  manifest.devDependencies = { nx: version };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
}

await main(process.argv.slice(2));
