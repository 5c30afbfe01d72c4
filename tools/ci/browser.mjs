import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const APT = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore' };

/** The path of a Chromium; it is installed where this machine is Debian and ours. Undefined if there is none. */
export function provisionBrowser() {
  const found = process.env.CHROMIUM ?? findBrowser();
  if (found !== undefined) return found;
  if (process.platform !== 'linux' || process.getuid() !== 0) return undefined;
  console.log('\n=== chromium');
  spawnSync('apt-get', ['update'], APT);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], APT);
  return findBrowser();
}

function findBrowser() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
