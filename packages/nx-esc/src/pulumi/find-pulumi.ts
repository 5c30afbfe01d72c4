import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Failure } from '../failures/failure';

/**
 * Finds the `pulumi` command: on the PATH, or where the npm package `pulumi` and the Automation API keep it
 * (`$PULUMI_HOME/versions/<version>/bin`, the newest of them).
 *
 * @throws Failure tool/pulumi-missing
 */
export function findPulumi(env: Readonly<Record<string, string | undefined>>): string {
  for (const folder of [...(env.PATH ?? '').split(delimiter), ...cachedFolders(env)]) {
    if (folder === '') continue;
    const file = join(folder, process.platform === 'win32' ? 'pulumi.exe' : 'pulumi');
    if (isExecutable(file)) return file;
  }
  throw new Failure({
    class: 'tool',
    code: 'pulumi-missing',
    message: 'the pulumi command is not installed',
    hint: 'install it (https://www.pulumi.com/docs/install/) and make sure that it is on the PATH',
  });
}

function cachedFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  const home = env.PULUMI_HOME ?? join(homedir(), '.pulumi');
  const versions = join(home, 'versions');
  try {
    const names = readdirSync(versions).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    return [...names.map((name) => join(versions, name, 'bin')), join(home, 'bin')];
  } catch {
    return [join(home, 'bin')];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
