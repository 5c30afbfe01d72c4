import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ENVIRONMENTS, nameOf, writeGraphWorkspace } from './graph-workspace.mjs';
import { installPacked } from '../packages/install-packed.mjs';
import { median, milliseconds } from './statistics.mjs';

const VERSION = '23.2.1';
const PEERS = { nx: VERSION, '@nx/docker': VERSION, '@nx/js': VERSION, typescript: '6.0.3' };
/** How many rounds are measured of each size; the slow peers are measured in fewer. */
const ROUNDS = { 100: 7, 1000: 7, 5000: 3 };
const GOALS = { cold: 1.25, warm: 1.05 };
const SLOW_FROM = 1000;

/** Gives the answer of nx-esc from a file: how fast Nx would be with an nx-esc that takes no time. */
const RECORDED = 'nx-esc-recorded';
/** Finds nothing: the least that any plugin costs. */
const IDLE = 'idle';
const PLUGINS = {
  none: [],
  'nx-esc': ['nx-esc'],
  [RECORDED]: [RECORDED],
  [IDLE]: [IDLE],
  '@nx/js/typescript': [{ plugin: '@nx/js/typescript', options: { typecheck: { targetName: 'typecheck' } } }],
  '@nx/docker': ['@nx/docker'],
};
/** The peers are slow in large workspaces, and their ratios are not what is looked for there. */
const LARGEST = { '@nx/docker': 1000, '@nx/js/typescript': 1000 };

/**
 * The time that Nx takes for the project graph: without a plugin, with nx-esc, with a plugin that has its answer in a
 * file, with one that finds nothing, and with two official plugins. Cold is without anything that Nx or a plugin keeps, warm is the next run, and
 * change is one after an edit of one environment. The time on the clock counts for the goals; the CPU time of all
 * processes of Node.js depends less on what else the machine does. `--rounds=3` measures fewer rounds than usual.
 */
export async function run({ root, log, flags }) {
  const install = installPacked(root, { name: 'bench', packages: PEERS });
  for (const name of [RECORDED, IDLE]) installOwn(install, name);
  const sizes = flags.projects === undefined ? [100, 1000, 5000] : [Number(flags.projects)];
  const results = [];
  for (const size of sizes) results.push({ size, times: await measure({ install, size, log, flags }) });
  return [...results.flatMap(rowsOf), ...growthOf(results)];
}

function installOwn(install, name) {
  const folder = join(install, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', main: 'index.cjs' }));
  cpSync(join(import.meta.dirname, `${name.replace('nx-esc-', '')}-plugin.cjs`), join(folder, 'index.cjs'));
}

async function measure({ install, size, log, flags: { only, rounds: wanted } }) {
  const folder = mkdtempSync(join(tmpdir(), 'nx-esc-graph-bench-'));
  try {
    writeGraphWorkspace(folder, size, {
      nodeModules: join(install, 'node_modules'),
      extras: () => ({
        Dockerfile: 'FROM scratch\n',
        'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.lib.json" }] }',
        'tsconfig.lib.json': '{ "compilerOptions": { "composite": true, "outDir": "dist" }, "include": ["**/*.ts"] }',
      }),
    });
    const names = Object.keys(PLUGINS).filter(
      (name) =>
        size <= (LARGEST[name] ?? Infinity) &&
        (only === undefined || name === 'none' || only.split(',').includes(name)),
    );
    const rounds = Number(wanted ?? ROUNDS[size] ?? 5);
    log(`  ${size} projects with ${ENVIRONMENTS.length} environments each, ${rounds} rounds in turn; medians`);
    const samples = Object.fromEntries(names.map((name) => [name, { cold: [], warm: [], change: [] }]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const name of names) {
        const isSlow = name === '@nx/docker' && size >= SLOW_FROM;
        if (isSlow && round > 1) continue;
        for (const state of ['cold', 'warm', 'change']) {
          const times = await graphOnce({ folder, name, state, round, size });
          if (round > 0) samples[name][state].push(times);
        }
      }
    }
    return Object.fromEntries(
      names.map((name) => [
        name,
        Object.fromEntries(Object.entries(samples[name]).map(([state, values]) => [state, medians(values)])),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function medians(samples) {
  return { wall: median(samples.map(({ wall }) => wall)), cpu: median(samples.map(({ cpu }) => cpu)) };
}

/** Runs `nx graph` once; each plugin has a folder of its own for what is kept. */
async function graphOnce({ folder, name, state, round, size }) {
  const data = join(folder, '.cache', name.replaceAll('/', '-'));
  writeFileSync(join(folder, 'nx.json'), JSON.stringify({ analytics: false, plugins: PLUGINS[name] }));
  if (state === 'cold') rmSync(data, { recursive: true, force: true });
  if (state === 'change') {
    const file = join(folder, 'packages', nameOf(Math.floor(size / 2)), 'esc', 'prod.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8').replace(/# .*\n/g, '')}# ${name} ${round}\n`);
  }
  mkdirSync(data, { recursive: true });
  const cpuFile = join(folder, '.cache', 'cpu');
  rmSync(cpuFile, { force: true });
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [join(folder, 'node_modules/nx/dist/bin/nx.js'), 'graph', `--file=.cache/graph.json`],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        NX_DAEMON: 'false',
        NX_NO_CLOUD: 'true',
        NX_WORKSPACE_DATA_DIRECTORY: data,
        NX_CACHE_DIRECTORY: join(data, 'tasks'),
        NX_WORKSPACE_ROOT_PATH: folder,
        NODE_OPTIONS: `--require=${join(import.meta.dirname, 'cpu-hook.cjs')}`,
        NX_ESC_BENCH_CPU: cpuFile,
      },
    },
  );
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const wall = performance.now() - started;
  if (code !== 0) throw new Error(`nx graph with ${name} ended with ${code}: ${errors}`);
  if (name === 'nx-esc' && round === 0 && state === 'cold') assertEdges(folder, size);
  return { wall, cpu: await cpuTime(cpuFile) };
}

/** The CPU time of all processes, in milliseconds; those of plugins end a moment after that of the command. */
async function cpuTime(file) {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const ended = lines.filter((line) => line.startsWith('end'));
    if (ended.length * 2 === lines.length) return ended.reduce((sum, line) => sum + Number(line.split(' ')[2]), 0);
    await delay(100);
  }
  throw new Error('a process of Nx has not ended');
}

/** What is fast because it does nothing is no result. */
function assertEdges(folder, size) {
  const { graph } = JSON.parse(readFileSync(join(folder, '.cache/graph.json'), 'utf8'));
  const edges = Object.values(graph.dependencies)
    .flat()
    .filter(({ type }) => type === 'implicit');
  if (edges.length !== size - 1) throw new Error(`${edges.length} edges for ${size} projects`);
  if (graph.nodes[nameOf(0)].data.targets.deploy === undefined) throw new Error('no deploy target was inferred');
}

function rowsOf({ size, times }) {
  return Object.entries(times)
    .filter(([name]) => name !== 'none')
    .flatMap(([name, byState]) =>
      ['cold', 'warm', 'change'].map((state) => {
        const { wall, cpu } = byState[state];
        const ratio = wall / times.none[state].wall;
        const cpuRatio = cpu / times.none[state].cpu;
        const goal = name === 'nx-esc' && size === 1000 ? GOALS[state] : undefined;
        return {
          what: `graph of ${size} projects with ${name}, ${state}`,
          value: `${ratio.toFixed(2)} times the graph without plugin (${milliseconds(wall)}), CPU ${cpuRatio.toFixed(2)} times (${milliseconds(cpu)})`,
          peer: `without plugin ${milliseconds(times.none[state].wall)}, CPU ${milliseconds(times.none[state].cpu)}`,
          ...(goal !== undefined && { goal: `at most ${goal} times`, holds: ratio <= goal }),
        };
      }),
    );
}

/** What the plugin adds per project, in the largest workspace and in the one before. */
function growthOf(results) {
  const [smaller, larger] = results.slice(-2);
  if (larger === undefined || larger.times['nx-esc'] === undefined) return [];
  const growth = (name) => larger.times[name].cold.cpu / smaller.times[name].cold.cpu;
  const sizes = larger.size / smaller.size;
  return [
    {
      what: `growth of the CPU time of the cold graph from ${smaller.size} to ${larger.size} projects`,
      value: `${growth('nx-esc').toFixed(1)} times`,
      peer: `${growth('none').toFixed(1)} times without plugin, for ${sizes} times the projects`,
      goal: 'linear',
      holds: growth('nx-esc') <= sizes,
    },
  ];
}
