import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { measureInTurn, milliseconds } from './statistics.mjs';

const ROUNDS = 21;
const ENVIRONMENT = `imports: [api/base]
values:
${Array.from({ length: 50 }, (_, index) => `  value${index}: some-\${base${index}}\n`).join('')}  environmentVariables:
${Array.from({ length: 50 }, (_, index) => `    VARIABLE_${index}: \${value${index}}\n`).join('')}`;
const BASE = `values:\n${Array.from({ length: 50 }, (_, index) => `  base${index}: text-${index}\n`).join('')}`;

/** How long a prompt waits for an environment that is kept open, beside what no program in Node.js can undercut. */
export async function run({ root, log }) {
  const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  if (build.status !== 0) throw new Error('the packages do not compile');
  const workspace = createWorkspace(root);
  const script = join(root, 'packages/nx-esc/dist/cli/start.bundle.js');
  const env = {
    ...process.env,
    CI: undefined,
    GITHUB_ACTIONS: undefined,
    NODE_OPTIONS: undefined,
    XDG_STATE_HOME: join(workspace, '.home'),
    XDG_RUNTIME_DIR: join(workspace, '.home'),
  };
  const time = (command, args) => {
    const started = performance.now();
    const { status, stderr } = spawnSync(command, args, { cwd: workspace, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`);
    return performance.now() - started;
  };
  const openArgs = (...args) => [script, 'open', 'api/dev', '--format', 'shell', ...args];
  const open = (...args) => time(process.execPath, openArgs(...args));
  /** What a process of Node.js itself takes: on a machine that does other things too, only this says much. */
  const cpuTime = (args) => {
    const file = join(workspace, '.cpu');
    rmSync(file, { force: true });
    const measured = { ...env, NX_ESC_BENCH_CPU: file };
    const hook = join(import.meta.dirname, 'cpu-hook.cjs');
    spawnSync(process.execPath, ['--require', hook, ...args], { cwd: workspace, env: measured });
    return Number(/^end \d+ (\S+)$/m.exec(readFileSync(file, 'utf8'))[1]);
  };
  const hasDirenv = spawnSync('direnv', ['version']).status === 0;
  try {
    if (hasDirenv) time('direnv', ['allow', '.']);
    open('--lifetime', '2h');
    log(`  ${ROUNDS} rounds of each, in turn; medians`);
    const times = await measureInTurn(
      {
        node: () => time(process.execPath, ['-e', '0']),
        kept: () => open('--lifetime', '2h'),
        opened: () => open(),
        ...(hasDirenv && { direnv: () => time('direnv', ['exec', '.', 'true']) }),
      },
      ROUNDS,
    );
    const cpu = await measureInTurn(
      { node: () => cpuTime(['-e', '0']), kept: () => cpuTime(openArgs('--lifetime', '2h')) },
      ROUNDS,
    );
    return rows(times, cpu);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

function rows({ node, kept, opened, direnv }, cpu) {
  const besides = direnv === undefined ? '' : `, direnv exec with an empty .envrc ${milliseconds(direnv)}`;
  return [
    {
      what: 'a prompt: nx-esc open of an environment that is kept open, 50 variables',
      value: `${milliseconds(kept)}, ${(kept / node).toFixed(2)} times node -e 0 (+${milliseconds(kept - node)})`,
      peer: `node -e 0 ${milliseconds(node)}${besides}`,
      goal: 'below 2 times node -e 0 (below 100 ms where that takes 50)',
      holds: kept < 2 * node,
    },
    {
      what: `the same in CPU time, decryption included (Node.js ${process.versions.node})`,
      value: `${milliseconds(cpu.kept)}, ${(cpu.kept / cpu.node).toFixed(2)} times node -e 0 (+${milliseconds(cpu.kept - cpu.node)})`,
      peer: `node -e 0 ${milliseconds(cpu.node)}`,
      goal: 'below 100 ms, or 2 times node -e 0',
      holds: cpu.kept < Math.max(100, 2 * cpu.node),
    },
    {
      what: 'the same environment opened anew',
      value: `${milliseconds(opened)}, ${(opened / kept).toFixed(2)} times as long`,
      peer: `kept open ${milliseconds(kept)}`,
    },
  ];
}

function createWorkspace(root) {
  const workspace = mkdtempSync(join(tmpdir(), 'nx-esc-bench-'));
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
  const files = {
    'nx.json': '{}',
    '.envrc': '',
    'api/project.json': '{"name":"api"}',
    'api/esc/base.yaml': BASE,
    'api/esc/dev.yaml': ENVIRONMENT,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, file)), { recursive: true });
    writeFileSync(join(workspace, file), text);
  }
  return workspace;
}
