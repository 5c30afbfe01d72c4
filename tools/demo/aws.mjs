import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Emulator, trustPolicy } from '../aws-emulator/emulator.mjs';
import { seed } from '../aws-emulator/seed.mjs';
import { provision } from '../pulumi-cli/provision.mjs';
import { DEPLOYER, FILES, READER, SECRETS, SUBJECT } from './aws-workspace.mjs';
import { demoFolder, root } from './workspace.mjs';

/**
 * The staging environment of the hybrid OIDC pattern against an AWS on this machine, as a job of GitHub Actions runs it:
 * token → STS → Secrets Manager → pulumi up → the app's own command. State is kept in S3. Ends with an error where
 * anything is not as it says.
 */
const workspace = join(demoFolder, 'aws');
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
let step = 0;

async function main(emulator) {
  heading('pulumi, and the plugin as it is published');
  const bin = await provision();
  await run(
    [process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.json'],
    process.env,
    root,
  );

  heading('an AWS on this machine: moto, before it an STS that verifies tokens, and an issuer of them');
  await seed(emulator.moto.url, { region: 'eu-west-1', secrets: SECRETS, buckets: ['state'] });
  const gateway = await emulator.createWorld({
    subject: SUBJECT,
    audiences: ['sts.amazonaws.com'],
    roles: {
      [DEPLOYER]: { trust: trustPolicy(SUBJECT), allow: ['s3:*'] },
      [READER]: { trust: trustPolicy(SUBJECT), allow: ['secretsmanager:*', 's3:GET', 's3:HEAD'] },
    },
  });
  console.log(`  ${gateway.url}; the roles ${DEPLOYER} and ${READER} trust ${SUBJECT}`);
  writeWorkspace();
  const env = jobEnvironment(gateway, bin);
  const nx = (...args) =>
    run([process.execPath, join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], env, workspace);
  const nxEsc = (...args) =>
    run([process.execPath, join(root, 'packages/nx-esc/dist/cli/start.js'), ...args], env, workspace);

  heading('nx-esc whoami api --env=staging');
  await nxEsc('whoami', 'api', '--env=staging');

  heading('nx run api:deploy --env=staging');
  const output = await nx('run', 'api:deploy', '--env=staging', '--output-style=stream');
  expect(
    output.includes('update api in staging-cluster eu-west-1 at https://api-staging.example.com'),
    'the command got the environment',
  );
  for (const secret of ['correct-horse', 'battery-staple'])
    expect(!output.includes(secret), `${secret} was not printed`);

  heading('who called what');
  report(gateway.calls);
}

/** Prints the calls of each session, and what they prove. */
function report(calls) {
  const sessions = new Map();
  for (const { service, action, session } of calls) {
    if (session === undefined) continue;
    if (!sessions.has(session)) sessions.set(session, new Map());
    const counts = sessions.get(session);
    counts.set(`${service}:${action}`, (counts.get(`${service}:${action}`) ?? 0) + 1);
  }
  for (const [session, counts] of sessions) {
    const list = [...counts].map(([call, count]) => (count === 1 ? call : `${call} ×${count}`));
    console.log(`  ${session}\n    ${list.join(', ')}`);
  }
  const ofRole = (role) => [...sessions.keys()].filter((arn) => arn.includes(`:assumed-role/${role}/`));
  const touches = (arn, service) => [...sessions.get(arn).keys()].some((call) => call.startsWith(`${service}:`));
  expect(ofRole(DEPLOYER).length > 0 && ofRole(READER).length > 0, 'the two roles are two sessions');
  expect(
    ofRole(DEPLOYER).every((arn) => arn.endsWith('/repo-acme-shop-environment-staging-4711')),
    'the name of the deploying session holds the subject and the run',
  );
  expect(
    ofRole(READER).some((arn) => touches(arn, 'secretsmanager')),
    'the reader read the secrets',
  );
  expect(!ofRole(DEPLOYER).some((arn) => touches(arn, 'secretsmanager')), 'the deployer did not');
  expect(
    ofRole(DEPLOYER).some((arn) => touches(arn, 's3')),
    'pulumi wrote the state as the deployer',
  );
}

function jobEnvironment(gateway, bin) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    ...Object.fromEntries(inherited),
    ...gateway.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    NX_CACHE_DIRECTORY: join(workspace, '.cache', 'nx'),
    NX_WORKSPACE_DATA_DIRECTORY: join(workspace, '.cache', 'data'),
    NX_WORKSPACE_ROOT_PATH: workspace,
    FORCE_COLOR: '0',
    PULUMI_BACKEND_URL: 's3://state?region=eu-west-1&s3ForcePathStyle=true',
    PULUMI_CONFIG_PASSPHRASE: 'passphrase-of-the-demo',
  };
}

function writeWorkspace() {
  rmSync(workspace, { recursive: true, force: true });
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(workspace, file)), { recursive: true });
    writeFileSync(join(workspace, file), text);
  }
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
}

function heading(text) {
  step += 1;
  console.log(`\n━━ ${step}. ${text}`);
}

function expect(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
  console.log(`  ✓ ${what}`);
}

/** Runs a command; what it prints is shown and answered. */
function run([command, ...args], env, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        process.stdout.write(chunk);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${args.slice(1).join(' ')} ended with exit code ${code}`));
    });
  });
}

const emulator = await Emulator.start();
try {
  await main(emulator);
} catch (error) {
  console.error(`\ndemo:aws: ${error.message}`);
  process.exitCode = 1;
} finally {
  emulator.stop();
}
