import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { provision } from '../pulumi-cli/provision.mjs';
import { median, milliseconds } from './statistics.mjs';

const OPENS = 5000;
const AT_A_TIME = 64;
const ROUNDS_OF_PULUMI = 7;
const ENVIRONMENTS = '/api/esc/environments/acme';
const ENVIRONMENT = `${ENVIRONMENTS}/api/staging`;

/** The service under 5,000 opens, 64 at a time, beside what one `pulumi env open` takes against the same service. */
export async function run({ root, log }) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (spawnSync(process.execPath, [tsc, '-b', 'tsconfig.json'], { cwd: root, stdio: 'inherit' }).status !== 0)
    throw new Error('the packages do not compile');
  const bin = await provision();
  const child = spawn(process.execPath, [join(root, 'tools/bench/service-once.cjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const home = mkdtempSync(join(tmpdir(), 'nx-esc-bench-'));
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const service = JSON.parse(line);
    const client = createClient(service);
    await prepare(client);
    const alone = median(await open(client, 200, 1));
    log('  measured: one open at a time');
    const started = performance.now();
    const times = await open(client, OPENS, AT_A_TIME);
    const seconds = (performance.now() - started) / 1000;
    log(`  measured: ${AT_A_TIME} opens at a time`);
    const pulumi = measurePulumi(join(bin, 'pulumi'), service, home);
    const p99 = [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
    const peer = `one pulumi env open ${milliseconds(pulumi)}`;
    const row = (what, value, goal, holds) => ({ what, value, peer, goal, holds });
    return [
      row(
        'opening and reading an environment, one at a time',
        milliseconds(alone),
        'at most a tenth',
        alone * 10 <= pulumi,
      ),
      row(
        `p99 of ${OPENS} opens with reading, ${AT_A_TIME} at a time`,
        `${milliseconds(p99)} (median ${milliseconds(median(times))})`,
      ),
      row(
        'throughput of these',
        `${Math.round(OPENS / seconds)} opens a second, ${(((OPENS / seconds) * pulumi) / 1000).toFixed(0)} times one client after the other`,
        'at least 20 times',
        ((OPENS / seconds) * pulumi) / 1000 >= 20,
      ),
    ];
  } finally {
    child.stdin.end();
    rmSync(home, { recursive: true, force: true });
  }
}

function createClient({ url, token }) {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_A_TIME });
  return (method, path, body = '') =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `token ${token}`, 'content-length': Buffer.byteLength(body) };
      const sent = request(`${url}${path}`, { method, agent, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () =>
          response.statusCode < 300 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
}

async function prepare(client) {
  const put = async (name, text) => {
    await client('POST', ENVIRONMENTS, JSON.stringify({ project: 'api', name }));
    await client('PATCH', `${ENVIRONMENTS}/api/${name}`, text);
  };
  await put('base', 'values:\n  region: eu-west-1\n  token: {fn::secret: correct-horse-battery}\n');
  await put(
    'staging',
    'imports: [api/base]\nvalues:\n  url: "https://${region}.example.com"\n  environmentVariables:\n    TOKEN: ${token}\n    URL: ${url}\n',
  );
}

/** Opens and reads an environment so many times; how many milliseconds each took. */
async function open(client, count, atATime) {
  const times = [];
  let left = count;
  const work = async () => {
    while (left-- > 0) {
      const started = performance.now();
      const { id } = JSON.parse(await client('POST', `${ENVIRONMENT}/open?duration=1m`));
      await client('GET', `${ENVIRONMENT}/open/${id}`);
      times.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return times;
}

function measurePulumi(command, { url, token }, home) {
  const times = [];
  for (let round = 0; round <= ROUNDS_OF_PULUMI; round += 1) {
    const started = performance.now();
    const { status, stderr } = spawnSync(command, ['env', 'open', 'acme/api/staging'], {
      env: {
        ...process.env,
        PULUMI_HOME: home,
        PULUMI_BACKEND_URL: url,
        PULUMI_ACCESS_TOKEN: token,
        PULUMI_SKIP_UPDATE_CHECK: 'true',
      },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    if (round > 0) times.push(performance.now() - started);
  }
  return median(times);
}
