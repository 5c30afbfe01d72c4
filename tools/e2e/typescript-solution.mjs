import { assert, Journey } from './journey.mjs';

const CREATE = '--preset=ts --pm=npm --nxCloud=skip --interactive=false --formatter=prettier';
/** In the order in which they come up; the name of the project is written without its scope. */
const GENERATORS = [
  'init --organization=acme --pulumi=installed',
  'stack infra --root=packages/infra',
  'environment api --stacks=infra --outputs=infra.service_name=INFRA_NAME',
  'stack api',
  'stack-reference api --stack=infra --to=program',
  'config-types api',
  'direnv api',
  'direnv api --variant=mise',
  'ci',
  'ci gitlab',
];
const OIDC = 'oidc api --repository=acme/shop --account=123456789012';

/**
 * The generators in a workspace of TypeScript project references, for an app that is an ES module with an entry point of
 * its own. Each of them writes nothing with --dry-run, and nothing when it is run again; leaves what `nx sync:check` finds in
 * step, and what Prettier would not write in another way.
 */
export async function typescriptSolution({ folder, tarballs }) {
  const journey = new Journey('TypeScript references', { folder, name: 'acme-references' });

  const generate = (generator) =>
    journey.step(`nx g nx-esc:${generator}`, async () => {
      const before = await journey.snapshot();
      await journey.shell(`nx g nx-esc:${generator} --dry-run`);
      assert((await journey.snapshot()) === before, 'files were written with --dry-run');
      await journey.shell(`nx g nx-esc:${generator}`);
      await journey.shell('nx sync:check');
      const once = await journey.snapshot();
      assert(once !== before || generator.startsWith('init'), 'nothing was written');
      await journey.shell(`nx g nx-esc:${generator}`);
      assert((await journey.snapshot()) === once, await journey.shell(`git diff ${once}`));
    });

  // Much is run: without npx, and without a process for each plugin.
  journey.export(`export PATH="$PWD/node_modules/.bin:$PATH" NX_ISOLATE_PLUGINS=false`);
  await journey.take(async () => {
    await journey.step('a new workspace with a library', async () => {
      await journey.shell(`npx --yes create-nx-workspace@23.2.1 ${journey.name} ${CREATE}`, { cwd: folder });
      await journey.shell('nx g @nx/js:lib packages/api --bundler=tsc --unitTestRunner=none --linter=none');
      await journey.shell(`npm install --save-dev ${tarballs.join(' ')} --no-audit --no-fund`);
      await journey.shell('nx build api');
    });
    for (const generator of GENERATORS) await generate(generator);
    await journey.step('the compiler follows the references to the programs', async () => {
      await journey.shell('tsc --build');
      await journey.shell('nx typecheck api');
      await journey.shell(`printf 'export const size: number = "large";\\n' > packages/infra/stack/wrong.ts`);
      const output = await journey.shell('tsc --build').catch((error) => error.message);
      assert(output.includes('packages/infra/stack/wrong.ts'), output);
      await journey.shell('rm packages/infra/stack/wrong.ts');
    });
    await journey.step('nx run api:deploy --env=staging', async () => {
      await journey.shell('mkdir ../state-of-references');
      journey.export('export PULUMI_BACKEND_URL="file://$PWD/../state-of-references" PULUMI_CONFIG_PASSPHRASE=own');
      // As an ES module names another.
      await journey.shell(`printf "import './infra-stack.js';\\n" >> packages/api/stack/index.ts`);
      const output = await journey.shell('nx run api:deploy --env=staging');
      // What is deployed is the program of the stack, not the entry point of the library.
      assert(/service_name: "api-staging"/.test(output), output);
    });
    await generate(OIDC);
    await journey.step('what was generated', async () => {
      await journey.shell('prettier --check .');
      await journey.shell('nx-esc check');
      const projects = JSON.parse(await journey.shell('nx show projects --json'));
      assert(projects.sort().join() === '@acme-references/api,infra', projects.join());
    });
  });
}
