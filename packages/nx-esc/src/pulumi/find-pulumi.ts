import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Failure } from '../failures/failure';
import type { Environment } from './environment';

/**
 * Looks for the `pulumi` command: on the PATH, or where the npm package `pulumi` and the Automation API keep it
 * (`$PULUMI_HOME/versions/<version>/bin`, the newest of them).
 */
export function searchPulumi(env: Environment): string | undefined {
  return findCommand('pulumi', env, cachedFolders(env));
}

/** @throws Failure tool/pulumi-missing */
export function findPulumi(env: Environment): string {
  const found = searchPulumi(env);
  if (found !== undefined) return found;
  throw new Failure({
    class: 'tool',
    code: 'pulumi-missing',
    message: 'the pulumi command is not installed',
    hint: 'install it (https://www.pulumi.com/docs/install/) and make sure that it is on the PATH',
  });
}

/** Finds a command on the PATH, or in one of other folders. */
export function findCommand(name: string, env: Environment, others: readonly string[] = []): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return [...(env.PATH ?? '').split(delimiter), ...others]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, file))
    .find(isExecutable);
}

function cachedFolders(env: Environment): string[] {
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
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
