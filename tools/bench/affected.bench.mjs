import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameOf, writeGraphWorkspace } from './graph-workspace.mjs';
import { measureInTurn, milliseconds } from './statistics.mjs';

const ROUNDS = 5;
/** Edits of the middle project's files: of one value of an environment, and of what two projects import. */
const EDITS = {
  'one value of one environment': (name) => [`packages/${name}/esc/prod.yaml`, 'host: db.', 'host: data.'],
  'a value that another project imports': (name) => [`packages/${name}/esc/base.yaml`, 'example.com', 'example.org'],
  'a comment': (name) => [`packages/${name}/esc/base.yaml`, 'values:', '# why\nvalues:'],
};

/**
 * The time of `nx-esc affected`, beside a comparison of all environments, opened at both revisions with providers that
 * answer at once. Both must name the same stacks.
 */
export async function run({ root, log, flags }) {
  const build = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('the packages do not compile');
  const size = Number(flags.projects ?? 1000);
  const folder = mkdtempSync(join(tmpdir(), 'nx-esc-affected-bench-'));
  try {
    writeGraphWorkspace(folder, size, { nodeModules: join(root, 'node_modules') });
    writeFileSync(join(folder, 'nx.json'), '{ "plugins": ["nx-esc"] }');
    spawnSync('git', ['add', '.'], { cwd: folder });
    spawnSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@b', 'commit', '-qm', 'nx'], { cwd: folder });
    log(`  ${size} projects with three stacks each, ${ROUNDS} rounds in turn; medians`);
    const rows = [];
    for (const [edit, change] of Object.entries(EDITS))
      rows.push(await measureEdit({ root, folder, edit, change, size }));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureEdit({ root, folder, edit, change, size }) {
  const [file, from, to] = change(nameOf(Math.floor(size / 2)));
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, before.replace(from, to));
  try {
    const answers = {};
    const measured =
      (name, script, ...args) =>
      () => {
        const started = performance.now();
        answers[name] = node(join(root, script), args, folder);
        return performance.now() - started;
      };
    const times = await measureInTurn(
      {
        affected: measured('affected', 'packages/nx-esc/bin/nx-esc.js', 'affected', '--base=HEAD', '--format=json'),
        all: measured('all', 'tools/bench/affected-all.cjs', file, Buffer.from(before).toString('base64')),
      },
      ROUNDS,
    );
    const found = JSON.parse(answers.affected).affected.map(({ stack }) => stack);
    const expected = JSON.parse(answers.all);
    if (JSON.stringify(found.sort()) !== JSON.stringify(expected.sort())) {
      throw new Error(`nx-esc affected names ${found.join(', ')}; compared one by one it is ${expected.join(', ')}`);
    }
    return {
      what: `nx-esc affected, ${size} projects, after an edit of ${edit} (${found.length} affected)`,
      value: `${milliseconds(times.affected)}, ${(times.affected / times.all).toFixed(2)} times the comparison of all`,
      peer: `all environments opened at both revisions and compared ${milliseconds(times.all)}`,
    };
  } finally {
    writeFileSync(path, before);
  }
}

function node(script, args, cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NX_BASE: '', NX_HEAD: undefined },
  });
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`);
  return stdout;
}
