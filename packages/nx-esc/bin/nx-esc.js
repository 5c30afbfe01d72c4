#!/usr/bin/env node
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const source = join(__dirname, '..', 'src', 'cli', 'start.ts');
if (existsSync(source)) {
  // In its own workspace the command runs from source.
  const condition = '--conditions=@nx-esc/source';
  if (!process.execArgv.includes(condition) && !(process.env.NODE_OPTIONS ?? '').includes(condition)) {
    const { spawnSync } = require('node:child_process');
    const args = [condition, ...process.execArgv, __filename, ...process.argv.slice(2)];
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
    const { status, signal } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
  }
  process.env.SWC_NODE_PROJECT ??= join(__dirname, '..', '..', '..', 'tsconfig.base.json');
  require('@swc-node/register');
  require(source);
} else {
  require('../dist/cli/start.js');
}
