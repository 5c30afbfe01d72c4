'use strict';

// Runs one child to its end, outside of the process tree of the run that asked for it. Reads a request as the first
// line of a pipe; the line `interrupt`, or the end of the pipe, passes exactly one SIGINT on to the child.
const { spawn } = require('node:child_process');
const { closeSync, openSync, rmSync, writeFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');
const { Socket } = require('node:net');

const RESULT_FD = 3;
const CONTROL_FD = 4;

// The run that asked may be gone: whatever cannot be written any more is dropped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

let input = '';
let child;
let wasInterrupted = false;

const control = new Socket({ fd: CONTROL_FD, readable: true, writable: false });
control.setEncoding('utf8');
control.on('data', (chunk) => {
  input += chunk;
  for (let end = input.indexOf('\n'); end >= 0; end = input.indexOf('\n')) {
    const line = input.slice(0, end);
    input = input.slice(end + 1);
    if (child === undefined) start(JSON.parse(line));
    else if (line === 'interrupt') interrupt();
  }
});
control.on('end', interrupt);
control.on('error', interrupt);

function start(request) {
  try {
    const lock = openSync(request.lockFile, 'w', 0o600);
    writeSync(lock, String(process.pid));
    closeSync(lock);
  } catch {
    // Without a lock file a second run reports the stack as locked; nothing worse.
  }
  try {
    // Folders that the run left to us are not abandoned while we run.
    for (const folder of request.removeAfterwards)
      writeFileSync(join(folder, '.owner'), String(process.pid), { mode: 0o600 });
  } catch {
    // A folder that is gone need not be owned.
  }
  child = spawn(request.command, request.args, {
    cwd: request.cwd,
    env: request.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout.on('data', (chunk) => process.stdout.write(chunk));
  child.stderr.on('data', (chunk) => process.stderr.write(chunk));
  child.once('error', (error) => finish(request, { code: 1, signal: null, error: error.message }));
  child.once('close', (code, signal) => finish(request, { code: code ?? 1, signal }));
}

function interrupt() {
  if (wasInterrupted || child === undefined) return;
  wasInterrupted = true;
  child.kill('SIGINT');
}

function finish(request, result) {
  for (const path of [...request.removeAfterwards, request.lockFile]) rmSync(path, { recursive: true, force: true });
  try {
    writeSync(RESULT_FD, JSON.stringify(result));
  } catch {
    // Nobody waits for the answer any more.
  }
  control.destroy();
  const pending = [process.stdout, process.stderr].filter((stream) => stream.writableLength > 0);
  if (pending.length === 0) process.exit(0);
  let open = pending.length;
  for (const stream of pending) {
    stream.once('drain', () => {
      open -= 1;
      if (open === 0) process.exit(0);
    });
    stream.once('error', () => process.exit(0));
  }
  setTimeout(() => process.exit(0), 2000).unref();
}
