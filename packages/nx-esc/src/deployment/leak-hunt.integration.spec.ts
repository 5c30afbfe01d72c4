import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { awkwardSecrets, tracesOf } from '../testing/awkward-secrets';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(180_000);

const SECRETS = awkwardSecrets();
const TRACES = SECRETS.flatMap((secret) =>
  tracesOf(secret).map((trace) => ({ name: secret.name, trace: Buffer.from(trace) })),
);
const yaml = (text: string): string => JSON.stringify(text.replaceAll('$', '$$$$')).replaceAll('\x7f', '\\x7f');

/** Prints its secrets in every way that is at hand, and then does what the first argument says. */
const INDISCREET = `
const { inspect } = require('node:util');
const secrets = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^S\\d\\d$/.test(name)));
if (process.env.S_FILE) secrets.file = require('node:fs').readFileSync(process.env.S_FILE, 'utf8');
// A pipe may be full.
const write = (fd, text) => { for (;;) try { return require('node:fs').writeSync(fd, text); } catch {} };
const print = (...texts) => texts.forEach((text) => write(1, text + '\\n'));
print('count ' + Object.keys(secrets).length);
print(JSON.stringify(secrets), JSON.stringify(secrets, null, 2), JSON.stringify(JSON.stringify(secrets)));
print(inspect(secrets, { maxStringLength: null, maxArrayLength: null, breakLength: Infinity }));
print(new URLSearchParams(secrets).toString());
for (const text of Object.values(secrets)) {
  print(text, encodeURIComponent(text), encodeURI(text), Buffer.from(text).toString('hex'));
  for (const prefix of ['', 'x', 'xy']) {
    print(Buffer.from(prefix + text).toString('base64'), Buffer.from(prefix + text).toString('base64url'));
  }
  print("'" + text.replaceAll("'", "'\\\\''") + "'", text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'));
  // In pieces, on both streams in turn.
  for (let at = 0; at < text.length; at += text.length < 100 ? 7 : 1000) {
    write(1, text.slice(at, at + (text.length < 100 ? 7 : 1000)));
    write(2, 'noise\\n');
  }
  print('');
  write(2, new Error(text).stack + '\\n');
}
switch (process.argv[2] ?? process.env.ENDING) {
  case 'abort': process.abort();
  case 'throw': throw new Error(Object.values(secrets).join(' '));
  case 'kill': process.kill(process.pid, 'SIGKILL');
  case 'wait': print('READY'); setInterval(() => undefined, 1000);
}
`;

const FILES = {
  'api/Pulumi.yaml': 'name: api\nruntime: nodejs\nmain: index.js\n',
  'api/project.json': JSON.stringify({
    name: 'api',
    targets: { deploy: { options: { args: ['-v=9', '--logtostderr'], commands: ['node ../indiscreet.js abort'] } } },
  }),
  'indiscreet.js': INDISCREET,
  'api/index.js': `
const pulumi = require('@pulumi/pulumi');
require('../indiscreet.js');
const config = new pulumi.Config();
exports.secrets = Array.from({ length: ${SECRETS.length} }, (_, index) => config.requireSecret('s' + index));
`,
  'api/esc/dev.yaml': `values:
  secrets:
${SECRETS.map(({ text }, index) => `    s${index}: { fn::secret: ${yaml(text)} }\n`).join('')}  environmentVariables:
${SECRETS.map((_, index) => `    S${String(index).padStart(2, '0')}: \${secrets.s${index}}\n`).join('')}  files:
    S_FILE: \${secrets.s4}
  pulumiConfig:
${SECRETS.map((_, index) => `    s${index}: \${secrets.s${index}}\n`).join('')}`,
};
/** Where the test itself put the secrets. */
const SOURCE = 'api/esc/dev.yaml';

function leaksIn(content: Buffer): string[] {
  return [...new Set(TRACES.filter(({ trace }) => content.includes(trace)).map(({ name }) => name))];
}

/** The leaks of an output, each with what is around the first of it. */
function leaksWithContext(output: Buffer): string[] {
  return TRACES.flatMap(({ name, trace }) => {
    const at = output.indexOf(trace);
    return at < 0 ? [] : [`${name}: ${output.subarray(Math.max(0, at - 80), at + 80).toString()}`];
  });
}

function filesBeneath(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBeneath(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Processes whose folder is in the workspace. */
function processesIn(folder: string): number[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) ? [Number(pid)] : [];
    } catch {
      return [];
    }
  });
}

describe('fifty secrets of awkward shapes', () => {
  const workspace = new TestWorkspace(FILES);
  const temporary = join(workspace.root, '.tmp');
  mkdirSync(temporary);
  const extra = { TMPDIR: temporary, NX_VERBOSE_LOGGING: 'true', PULUMI_DEBUG_GRPC: '' };
  const env = { ...workspace.env, ...extra };
  const bin = resolve(__dirname, '../../../..');
  const leaks: string[] = [];
  let samples = 0;
  let outputs = 0;
  let isSampling = true;

  /** Command lines, and files in the temporary folder that others can read, for as long as the tests run. */
  const sampling = (async () => {
    while (isSampling) {
      for (const pid of processesIn(workspace.root)) {
        try {
          const commandLine = readFileSync(`/proc/${pid}/cmdline`);
          samples += 1;
          for (const name of leaksIn(commandLine))
            leaks.push(`${name} in the arguments of ${commandLine.subarray(0, 80).toString()}`);
        } catch {
          // It has ended.
        }
      }
      try {
        for (const name of readdirSync(temporary)) {
          const { mode } = statSync(join(temporary, name));
          if (/^nx-esc-files-/.test(name) && (mode & 0o077) !== 0) leaks.push(`others can read ${name}`);
        }
      } catch {
        // It has been removed.
      }
      await delay(40);
    }
  })();

  afterAll(async () => {
    isSampling = false;
    await sampling;
    for (const pid of processesIn(workspace.root)) process.kill(pid, 'SIGKILL');
    workspace.remove();
  });

  function start(command: 'nx' | 'nx-esc', args: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess {
    const script = command === 'nx' ? 'node_modules/nx/dist/bin/nx.js' : 'packages/nx-esc/dist/cli/start.js';
    return spawn(process.execPath, [join(bin, script), ...args], { cwd: workspace.root, env: { ...env, ...more } });
  }

  async function run(
    child: ChildProcess,
    onOutput?: (text: string) => void,
  ): Promise<{ code: number | null; output: string }> {
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        onOutput?.(chunk.toString());
      });
    }
    const code = await new Promise<number | null>((done) => child.once('close', done));
    const output = Buffer.concat(chunks);
    outputs += output.length;
    expect(leaksWithContext(output)).toEqual([]);
    return { code, output: output.toString() };
  }

  test('there are fifty, and what gives them away is found', () => {
    expect(SECRETS).toHaveLength(50);
    for (const { name, text } of SECRETS) {
      expect(leaksIn(Buffer.from(JSON.stringify(text)))).toContain(name);
      expect(leaksIn(Buffer.from(Buffer.from(`x${text}`).toString('base64')))).toContain(name);
    }
  });

  test('a deployment with verbose logs, an indiscreet program, and a command that crashes', async () => {
    const args = [
      'run',
      'api:deploy',
      '--env=dev',
      '--output-style=stream',
      '--summaryFile=.cache/summary.json',
      '--verbose',
    ];
    const { code, output } = await run(start('nx', args));
    expect(output).toContain('▸ node ../indiscreet.js abort');
    expect(output).toContain('count 51');
    expect(output).toMatch(/"node \.\.\/indiscreet\.js abort" ended with (?:signal SIGABRT|exit code 134)/);
    expect(code).toBe(1);
    const { latest } = JSON.parse(workspace.stateOf('api', 'dev')).checkpoint;
    const { secrets } = latest.resources[0].outputs;
    expect(secrets.filter(({ ciphertext }: { ciphertext?: string }) => ciphertext?.startsWith('v1:'))).toHaveLength(50);
  });

  test('a program that throws its secrets, and one that is killed', async () => {
    const args = ['run', 'api:preview', '--env=dev', '--output-style=stream'];
    for (const ENDING of ['throw', 'kill']) {
      const { code, output } = await run(start('nx', args, { ENDING }));
      expect({ code, output }).toMatchObject({ code: 1 });
      expect(output).toMatch(/deploy\/(?:program|update)-failed/);
    }
  });

  test.each(['', 'throw', 'kill', 'abort'])('a command of nx-esc run that ends by %p', async (ending) => {
    const { code, output } = await run(start('nx-esc', ['run', 'api/dev', '--', 'node', 'indiscreet.js', ending]));
    expect(output).toContain('count 51');
    expect(code === 0).toBe(ending === '');
  });

  test('masks and redacted values', async () => {
    const open = await run(start('nx-esc', ['open', 'api/dev', '--redact', '--format', 'json']));
    expect(open).toMatchObject({ code: 0, output: expect.stringContaining('[secret]') as string });
    const executor = await run(start('nx', ['run', 'api:esc-open', '--env=dev']));
    expect(executor).toMatchObject({ code: 0, output: expect.stringContaining('[secret]') as string });
  });

  test('what a killed run leaves is for this user alone, and goes with the next run', async () => {
    const child = start('nx-esc', ['run', 'api/dev', '--', 'node', 'indiscreet.js', 'wait']);
    const killed = run(child, (text) => text.includes('READY') && child.kill('SIGKILL'));
    expect(await killed).toMatchObject({ code: null });
    const left = readdirSync(temporary).filter((name) => name.startsWith('nx-esc-files-'));
    expect(left).toHaveLength(1);
    const file = join(temporary, left[0] as string, 'S_FILE');
    expect([statSync(join(file, '..')).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    for (const pid of processesIn(workspace.root)) process.kill(pid, 'SIGKILL');
    await run(start('nx-esc', ['run', 'api/dev', '--', 'true']));
    expect(existsSync(file)).toBe(false);
  });

  test('nx is killed in the middle of a command: nothing is left but by the next run', async () => {
    workspace.write({
      'api/project.json': FILES['api/project.json']
        .replace('js abort', 'js wait')
        .replace('"-v=9","--logtostderr"', ''),
    });
    const child = start('nx', ['run', 'api:deploy', '--env=dev', '--output-style=stream']);
    let wasKilled = false;
    await run(child, (text) => {
      if (!text.includes('READY') || wasKilled) return;
      wasKilled = true;
      for (const pid of processesIn(workspace.root)) if (pid !== process.pid) process.kill(pid, 'SIGKILL');
    });
    expect(wasKilled).toBe(true);
    await run(start('nx-esc', ['run', 'api/dev', '--', 'true']));
  });

  test('afterwards none is in a file, in arguments, or in what was printed', () => {
    const left = filesBeneath(workspace.root)
      .filter((file) => file !== join(workspace.root, SOURCE))
      .flatMap((file) => leaksIn(readFileSync(file)).map((name) => `${name} in ${file.slice(workspace.root.length)}`));
    expect([...new Set(leaks), ...left]).toEqual([]);
    // It looked at something.
    expect(samples).toBeGreaterThan(50);
    expect(outputs).toBeGreaterThan(1e6);
    expect(existsSync(join(workspace.root, '.cache', 'nx'))).toBe(true);
    const audit = filesBeneath(join(workspace.root, '.cache', 'state'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('');
    expect(audit).toContain('"secrets.s4"');
  });
});
