import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureInTurn, milliseconds } from './statistics.mjs';

const ROUNDS = 9;
const SECRETS = 100;

/** What it adds to opening an environment that its secrets are encrypted, by the built command. */
export async function run({ root, log }) {
  const build = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'tsconfig.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) throw new Error('the packages do not compile');
  const workspace = mkdtempSync(join(tmpdir(), 'nx-esc-bench-'));
  try {
    const nxEsc = (...args) => {
      const started = performance.now();
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(root, 'packages/nx-esc/dist/cli/start.js'), ...args],
        { cwd: workspace, env: { PATH: process.env.PATH, HOME: workspace }, encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(stderr);
      return performance.now() - started;
    };
    mkdirSync(join(workspace, 'api/esc'), { recursive: true });
    writeFileSync(join(workspace, 'nx.json'), '{}');
    writeFileSync(join(workspace, 'api/project.json'), '{"name": "api"}');
    const entry = (_, index) => `  secret${index}:\n    fn::secret: value-${index}\n`;
    const text = `values:\n${Array.from({ length: SECRETS }, entry).join('')}`;
    for (const name of ['plain', 'encrypted']) writeFileSync(join(workspace, `api/esc/${name}.yaml`), text);
    nxEsc('keys', 'new');
    nxEsc('recipient', 'add', 'me');
    nxEsc('encrypt', 'api/encrypted');
    log(`  opening ${SECRETS} secrets, ${ROUNDS} rounds`);
    const times = await measureInTurn(
      { plain: () => nxEsc('open', 'api/plain'), encrypted: () => nxEsc('open', 'api/encrypted') },
      ROUNDS,
    );
    const ratio = times.encrypted / times.plain;
    return [
      {
        what: `opening an environment of ${SECRETS} encrypted secrets, one key for all`,
        value: `${milliseconds(times.encrypted)}, ${ratio.toFixed(2)} times`,
        peer: `the same in plain text ${milliseconds(times.plain)}`,
        goal: 'below 3 times',
        holds: ratio < 3,
      },
    ];
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}
