import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { provision } from '../pulumi-cli/provision.mjs';
import { measureInTurn, milliseconds } from './statistics.mjs';

const ROUNDS = 9;
const STACKS = ['one', 'two', 'three', 'four', 'five'];
const PROGRAM = 'exports.answer = 42;\n';
const SECRET = 'exports.password = require("@pulumi/pulumi").secret("a-secret-value");\n';

const stacksWith = (output, suffix) => `values:
  stacks:
    fn::open::pulumi-stacks:
      stacks:
${STACKS.map((name) => `        ${name}: { stack: ${name}/${suffix} }\n`).join('')}  environmentVariables:
${STACKS.map((name) => `    OUTPUT_OF_${name.toUpperCase()}: \${stacks.${name}.${output}}\n`).join('')}`;

const ENVIRONMENTS = {
  plain:
    'values:\n  region: eu-west-1\n  environmentVariables:\n    REGION: ${region}\n  pulumiConfig:\n    region: ${region}\n',
  // The first stack has a secret, as the infrastructure of the demo has.
  stacks: `${stacksWith('answer', 'plain')}    PASSWORD: \${stacks.one.password}\n`,
  // Every stack has one, encrypted with a key of its own, which takes a million rounds to derive.
  secrets: stacksWith('password', 'secret'),
};

/** What a deployment adds to the bare `pulumi up` of the same unchanged stack, Nx's own start-up apart. */
export async function run({ root, log }) {
  const build = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('the packages do not compile');
  const bin = await provision();
  const workspace = createWorkspace(root);
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    PULUMI_BACKEND_URL: `file://${workspace}/.state`,
    PULUMI_CONFIG_PASSPHRASE: 'passphrase-of-the-benchmark',
    BENCH_PROJECTS: JSON.stringify(['api', ...STACKS]),
  };
  try {
    for (const name of STACKS)
      for (const stack of ['plain', 'secret']) await pulumiUp(join(workspace, name), stack, env);
    const deploy = (name) => () => deployOnce([workspace, 'api', name, 'true'], env);
    const up = (name) => () => pulumiUp(join(workspace, 'api'), name, env, join(workspace, '.peers', `${name}.yaml`));
    for (const name of Object.keys(ENVIRONMENTS)) await deploy(name)();
    for (const name of Object.keys(ENVIRONMENTS)) copyStackFile(workspace, name);
    log(`  ${ROUNDS} rounds of each, in turn; medians`);
    const times = await measureInTurn(
      {
        'up plain': up('plain'),
        'deploy plain': deploy('plain'),
        'up stacks': up('stacks'),
        'deploy stacks': deploy('stacks'),
        'up secrets': up('secrets'),
        'deploy secrets': deploy('secrets'),
        'stack output': () => stackOutput(join(workspace, 'one'), env),
      },
      ROUNDS,
    );
    return rows(times);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

function rows(times) {
  const over = (name) => times[`deploy ${name}`] - times[`up ${name}`];
  const outputs = times['stack output'];
  const stacks = (name, what) => ({
    what: `deploy over bare pulumi up, environment with ${STACKS.length} stacks, ${what}`,
    value: `+${milliseconds(over(name))}, ${ratio(over(name), outputs)} times one pulumi stack output`,
    peer: `pulumi up ${milliseconds(times[`up ${name}`])}, pulumi stack output ${milliseconds(outputs)}`,
    goal: 'below 2 times one pulumi stack output',
    holds: over(name) < 2 * outputs,
  });
  return [
    {
      what: 'deploy over bare pulumi up, environment without stacks (opened twice, one command)',
      value: `+${milliseconds(over('plain'))}, ${ratio(times['deploy plain'], times['up plain'])} times`,
      peer: `pulumi up ${milliseconds(times['up plain'])}`,
      goal: 'below 300 ms',
      holds: over('plain') < 300,
    },
    stacks('stacks', 'one with secret outputs'),
    stacks('secrets', 'each with secret outputs'),
  ];
}

function createWorkspace(root) {
  const workspace = mkdtempSync(join(tmpdir(), 'nx-esc-bench-'));
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
  mkdirSync(join(workspace, '.state'));
  mkdirSync(join(workspace, '.peers'));
  const write = (file, text) => {
    mkdirSync(dirname(join(workspace, file)), { recursive: true });
    writeFileSync(join(workspace, file), text);
  };
  write('nx.json', '{}');
  for (const name of ['api', ...STACKS]) {
    write(`${name}/Pulumi.yaml`, `name: ${name}\nruntime: nodejs\nmain: index.js\n`);
    write(`${name}/package.json`, JSON.stringify({ name }));
    write(
      `${name}/index.js`,
      PROGRAM + (name === 'one' ? SECRET : `if (require("@pulumi/pulumi").getStack() === "secret") { ${SECRET} }`),
    );
  }
  for (const [name, text] of Object.entries(ENVIRONMENTS)) {
    write(`api/esc/${name}.yaml`, text);
    write(`api/Pulumi.${name}.yaml`, `environment: [api/${name}]\n`);
  }
  return workspace;
}

/** The stack's file as the bare pulumi can read it: Pulumi opens an `environment:` in its own cloud only. */
function copyStackFile(workspace, name) {
  const salt = spawnSync('grep', ['^encryptionsalt', join(workspace, 'api', `Pulumi.${name}.yaml`)], {
    encoding: 'utf8',
  });
  const config = name === 'plain' ? 'config:\n  api:region: eu-west-1\n' : '';
  writeFileSync(join(workspace, '.peers', `${name}.yaml`), `${salt.stdout}${config}`);
}

async function pulumiUp(cwd, stack, env, configFile) {
  if (configFile === undefined) await timed('pulumi', ['stack', 'init', stack, '--non-interactive'], cwd, env);
  const config = configFile === undefined ? [] : ['--config-file', configFile];
  const args = ['up', '--yes', '--skip-preview', '--non-interactive', '--color', 'never', '--stack', stack, ...config];
  return timed('pulumi', args, cwd, env);
}

function stackOutput(cwd, env) {
  return timed('pulumi', ['stack', 'output', '--json', '--show-secrets', '--stack', 'secret'], cwd, env);
}

async function deployOnce(args, env) {
  const { output } = await execute(
    process.execPath,
    [join(import.meta.dirname, 'deploy-once.cjs'), ...args],
    args[0],
    env,
  );
  return Number(/milliseconds ([\d.]+)/.exec(output)[1]);
}

async function timed(command, args, cwd, env) {
  const started = performance.now();
  await execute(command, args, cwd, env);
  return performance.now() - started;
}

function execute(command, args, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve({ output });
      else reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}\n${output}`));
    });
  });
}

function ratio(a, b) {
  return (a / b).toFixed(2);
}
