/**
 * Passes on what a child prints: as it is, redacted, or with each secret replaced in turn. The secrets come
 * through standard input; the milliseconds go to descriptor 3. Arguments: mode, file.
 */
const { spawn } = require('node:child_process');
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const [mode, file] = process.argv.slice(2);
const secrets = JSON.parse(readFileSync(0, 'utf8'));
const { Redactor } = require(join(__dirname, '../../packages/nx-esc/dist/process/redactor'));

const MODES = {
  plain: () => (chunk) => chunk,
  replace: () => (chunk) => {
    let text = chunk.toString();
    for (const secret of secrets) text = text.split(secret).join('[secret]');
    return Buffer.from(text);
  },
  redact: () => {
    const redactor = new Redactor();
    for (const secret of secrets) redactor.add(secret);
    const stream = redactor.createStream();
    return (chunk) => stream.write(chunk);
  },
};

const started = performance.now();
const transform = MODES[mode]();
// The plain way takes so long that a tenth of the output must do.
const megabytes = mode === 'replace' ? 20 : 200;
const child = spawn('head', ['-c', String(megabytes * 1e6), file], { stdio: ['ignore', 'pipe', 'inherit'] });
child.stdout.on('data', (chunk) => process.stdout.write(transform(chunk)));
child.once('close', () =>
  process.stdout.end(() => writeSync(3, String((performance.now() - started) * (200 / megabytes)))),
);
