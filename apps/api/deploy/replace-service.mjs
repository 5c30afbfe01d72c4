import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Starts the release, or replaces the one that runs, and waits until it answers. Its environment is the opened one. */
const WAIT_MS = 10_000;
const { API_URL, CLUSTER_PATH, ECS_CLUSTER, ECS_SERVICE, RELEASE, SERVICE_CONFIG } = process.env;
const pidFile = join(CLUSTER_PATH, `${ECS_SERVICE}.pid`);

const running = await health();
if (running?.release === RELEASE && isAlive(readPid())) {
  console.log(`${ECS_SERVICE} already runs release ${RELEASE}`);
} else {
  await stop(readPid());
  start();
  await waitUntilHealthy();
  console.log(`${ECS_SERVICE} runs release ${RELEASE} in ${ECS_CLUSTER}: ${API_URL}`);
}

async function health() {
  try {
    const response = await fetch(`${API_URL}/healthz`, { signal: AbortSignal.timeout(1000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

function readPid() {
  try {
    return Number(readFileSync(pidFile, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function stop(pid) {
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; isAlive(pid) && waited < WAIT_MS; waited += 50) await delay(50);
}

function start() {
  mkdirSync(CLUSTER_PATH, { recursive: true });
  // The opened file is removed after the deployment: the service gets a copy, which holds no secret.
  const config = join(CLUSTER_PATH, `${ECS_SERVICE}.json`);
  writeFileSync(config, readFileSync(SERVICE_CONFIG));
  const service = spawn(process.execPath, [join(RELEASE, 'server.mjs')], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, SERVICE_CONFIG: config },
  });
  service.unref();
  writeFileSync(pidFile, String(service.pid));
}

async function waitUntilHealthy() {
  for (let waited = 0; waited < WAIT_MS; waited += 100) {
    const answer = await health();
    if (answer?.release === RELEASE) return;
    await delay(100);
  }
  console.error(`${ECS_SERVICE} does not answer at ${API_URL}/healthz`);
  process.exit(1);
}
