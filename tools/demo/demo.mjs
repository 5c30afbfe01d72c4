import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { provision } from '../pulumi-cli/provision.mjs';
import { demoFolder, forgetSalts, passphraseFile, root, writeEnvironmentFile } from './workspace.mjs';

/**
 * Takes a fresh clone to a deployed staging: infrastructure, environment, service. Running it again, or after an
 * interruption, goes on from what is there.
 */
const started = Date.now();
let step = 0;

async function main() {
  heading('pulumi');
  const bin = await provision();
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
  };
  console.log(`  ${join(bin, 'pulumi')}`);

  heading('a state backend in .demo/state, and a passphrase that only you can read');
  mkdirSync(join(demoFolder, 'state'), { recursive: true });
  if (!existsSync(passphraseFile)) {
    forgetSalts();
    writeFileSync(passphraseFile, `${randomBytes(24).toString('base64')}\n`, { mode: 0o600 });
  }
  writeEnvironmentFile();

  const nx = (...args) => run([process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], env);
  const nxEsc = (...args) => run([process.execPath, join(root, 'packages/nx-esc/bin/nx-esc.js'), ...args], env);

  heading('nx run api:deploy --env=staging   (infra first, then the environment, the stack and the service of api)');
  await nx('run', 'api:deploy', '--env=staging', '--output-style=stream');

  heading('nx graph: what the files say about who needs whom');
  const graphFile = join(root, 'tmp', 'graph.json');
  mkdirSync(join(root, 'tmp'), { recursive: true });
  await nx('graph', `--file=${graphFile}`);
  const { dependencies } = JSON.parse(readFileSync(graphFile, 'utf8')).graph;
  for (const { source, target, type } of Object.values(dependencies).flat())
    console.log(`  ${source} → ${target} (${type})`);

  heading('nx run api:esc-open --env=staging   (secrets masked)');
  await nx('run', 'api:esc-open', '--env=staging', '--output-style=stream');

  heading('nx-esc open api/staging urls');
  await nxEsc('open', 'api/staging', 'urls');

  heading('nx run api:deploy --env=staging   (again: nothing changes)');
  await nx('run', 'api:deploy', '--env=staging', '--output-style=stream');

  heading('the service');
  const response = await fetch('http://127.0.0.1:8481/');
  console.log(`  http://127.0.0.1:8481/ answers ${response.status}: ${(await response.text()).trim()}`);
  console.log(`\nDone in ${seconds(started)} s. "npm run demo:clean" removes everything again.`);
}

function heading(text) {
  step += 1;
  console.log(`\n━━ ${step}. ${text}`);
}

function run([command, ...args], env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.slice(1).join(' ')} ended with exit code ${code}`));
    });
  });
}

function seconds(since) {
  return ((Date.now() - since) / 1000).toFixed(0);
}

process.on('SIGINT', () => (process.exitCode = 130));
try {
  await main();
} catch (error) {
  console.error(`\ndemo: ${error.message}`);
  process.exitCode ||= 1;
}
