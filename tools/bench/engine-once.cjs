/**
 * Opens an environment some times in one process and prints the milliseconds of each as JSON. Reads a request
 * `{ files, rounds, openDelay, loadDelay }` from standard input: texts by name, `env` the one to open.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { openEnvironment } = require(join(__dirname, '../../packages/esc-eval/dist'));
const { createTestHost, createTestProviders, ROT128 } = require(
  join(__dirname, '../../packages/esc-eval/dist/testing'),
);

const { files, rounds, openDelay = 0, loadDelay = 0 } = JSON.parse(readFileSync(0, 'utf8'));
const later = (milliseconds, answer) =>
  new Promise((resolve, reject) =>
    setTimeout(() => {
      try {
        resolve(answer());
      } catch (error) {
        reject(error);
      }
    }, milliseconds),
  );

async function main() {
  const milliseconds = [];
  for (let round = 0; round < rounds; round += 1) {
    // Another text each time, so that nothing is remembered of the last: the reference remembers nothing either.
    const source = `${files.env}\n# ${round}\n`;
    const texts = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, `${text}\n# ${round}\n`]));
    const fresh = createTestHost({
      environments: texts,
      providers: createTestProviders(openDelay > 0 ? (answer) => later(openDelay, answer) : undefined),
    });
    const load = fresh.loadEnvironment;
    if (loadDelay > 0) fresh.loadEnvironment = (name, options) => later(loadDelay, () => load(name, options));
    const started = performance.now();
    const { environment, diagnostics } = await openEnvironment({ name: 'env', source, host: fresh, decrypter: ROT128 });
    if (environment === null || diagnostics.length > 0) throw new Error(diagnostics[0]?.summary ?? 'nothing to open');
    milliseconds.push(performance.now() - started);
  }
  process.stdout.write(JSON.stringify({ milliseconds }));
}

main();
