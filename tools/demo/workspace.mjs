import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Everything that the demo makes is in here, and in the file `.env`. */
export const demoFolder = join(root, '.demo');
export const environmentFile = join(root, '.env');
export const passphraseFile = join(demoFolder, 'passphrase');

const MARK = '# Made by "npm run demo"; "npm run demo:clean" removes it.';

/** Says where the demo's state and passphrase are: Nx and nx-esc read it. It holds paths, and nothing secret. */
export function writeEnvironmentFile() {
  const lines = [
    MARK,
    `PULUMI_BACKEND_URL=file://${join(demoFolder, 'state')}`,
    `PULUMI_CONFIG_PASSPHRASE_FILE=${passphraseFile}`,
  ];
  writeFileSync(environmentFile, `${lines.join('\n')}\n`);
}

export function removeEnvironmentFile() {
  try {
    if (readFileSync(environmentFile, 'utf8').startsWith(MARK)) rmSync(environmentFile);
  } catch {
    // It is not there.
  }
}

/** Takes out of the stack files what belongs to a state that is gone: the salt of its passphrase. */
export function forgetSalts() {
  for (const app of readdirSync(join(root, 'apps'))) {
    for (const name of readdirSync(join(root, 'apps', app))) {
      if (!/^Pulumi\..+\.yaml$/.test(name)) continue;
      const file = join(root, 'apps', app, name);
      const text = readFileSync(file, 'utf8');
      const kept = text.replace(/^encryptionsalt:.*\n/gm, '');
      if (kept !== text) writeFileSync(file, kept);
    }
  }
}

/** Stops the services that the demo started, by the process ids that they left. */
export function stopServices() {
  const stopped = [];
  for (const environment of list(demoFolder)) {
    const cluster = join(demoFolder, environment, 'cluster');
    for (const name of list(cluster)) {
      if (!name.endsWith('.pid')) continue;
      try {
        process.kill(Number(readFileSync(join(cluster, name), 'utf8')), 'SIGTERM');
        stopped.push(name.slice(0, -'.pid'.length));
      } catch {
        // It is not running any more.
      }
    }
  }
  return stopped;
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
