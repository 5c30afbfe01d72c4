import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '../pulumi/environment';

/** The variables of this process. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * The variables of this process, and beneath them those of the workspace's `.env` files, which Nx loads for its tasks:
 * so the command finds the same state backend as they do.
 */
export function processEnvironmentWithDotenv(workspaceRoot: string): Environment {
  const files = ['.local.env', '.env.local', '.env'];
  return files.reduce<Environment>((env, file) => ({ ...readDotenv(join(workspaceRoot, file)), ...env }), process.env);
}

function readDotenv(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, 'utf8')) as Environment;
  } catch {
    return {};
  }
}
