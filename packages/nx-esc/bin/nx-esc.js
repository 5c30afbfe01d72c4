#!/usr/bin/env node
'use strict';

const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { homedir } = require('node:os');
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
  // Node.js 22 and newer keep what they compiled: in this user's own folder, not in the one for temporary files.
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  enableCompileCache?.(join(cache, 'nx-esc', `compiled-${process.version}`));
  // What answers prompts is in one file, too, for it starts sooner.
  const bundle = join(__dirname, '..', 'dist', 'cli', 'start.bundle.js');
  require(process.argv[2] === 'open' && existsSync(bundle) ? bundle : '../dist/cli/start.js');
}
