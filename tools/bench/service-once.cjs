'use strict';

// Serves environments in memory until its standard input ends; prints where, and the token, as one line of JSON.
const { resolve } = require('node:path');

const dist = resolve(__dirname, '../../packages/nx-esc/dist/service');
const { startService } = require(`${dist}/start-service.js`);
const { MemoryStore } = require(`${dist}/stores/memory-store.js`);
const { KeyKeeper } = require(`${dist}/secrets/key-keeper.js`);

startService({ store: new MemoryStore(), keeper: new KeyKeeper(), organization: 'acme' }).then((service) => {
  process.stdout.write(`${JSON.stringify({ url: service.url, token: service.token })}\n`);
  process.stdin.resume().once('end', () => service.close());
});
