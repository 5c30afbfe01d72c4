import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './environment';

const DEFAULT_URL = 'https://api.pulumi.com';

/** Where the state of a project's stacks is kept. */
export interface StateBackend {
  readonly url: string;
  /** The folder of a `file://` backend. */
  readonly folder?: string;
  /** Pulumi Cloud, or a server of its kind; everything else is a do-it-yourself backend. */
  readonly isCloud: boolean;
}

/**
 * Tells which backend `pulumi` will use in a project: `PULUMI_BACKEND_URL`, then `backend.url` of Pulumi.yaml, then the
 * one logged in to.
 */
export function resolveBackend(env: Environment, projectUrl: string | undefined, projectFolder: string): StateBackend {
  const url = env.PULUMI_BACKEND_URL || projectUrl || loggedInUrl(env) || DEFAULT_URL;
  const isCloud = /^https?:/.test(url);
  if (!url.startsWith('file:')) return { url, isCloud };
  return { url, isCloud, folder: folderOf(url, projectFolder) };
}

function folderOf(url: string, projectFolder: string): string {
  const path = url.slice('file://'.length).replace(/\?.*$/s, '');
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(2));
  return path.startsWith('/') ? fileURLToPath(url.replace(/\?.*$/s, '')) : resolve(projectFolder, path);
}

function loggedInUrl(env: Environment): string | undefined {
  return readCredentials(env).current;
}

/** The service that keeps environments; Pulumi Cloud where nothing says another. */
export function resolveCloudUrl(env: Environment, optionUrl?: string): string {
  return statedCloudUrl(env, optionUrl) ?? DEFAULT_URL;
}

/**
 * The service for environments that somebody named: the first of `PULUMI_BACKEND_URL`, `PULUMI_API`, what the options say
 * and the one logged in to that is none of the do-it-yourself backends, which keep no environments.
 */
function statedCloudUrl(env: Environment, optionUrl?: string): string | undefined {
  const urls = [env.PULUMI_BACKEND_URL, env.PULUMI_API, optionUrl, loggedInUrl(env), loggedInUrlOfEsc(env)];
  const url = urls.find((candidate) => candidate !== undefined && /^https?:\/\/./.test(candidate));
  return url?.replace(/\/+$/, '');
}

/** Variables that take `pulumi env` to the same service; where nobody named one, to the one that it is logged in to. */
export function cloudVariables(env: Environment, optionUrl?: string): Environment {
  return { PULUMI_BACKEND_URL: statedCloudUrl(env, optionUrl) };
}

/** The command `esc` keeps its tokens with those of pulumi, and a pointer of its own. */
function loggedInUrlOfEsc(env: Environment): string | undefined {
  const name = readJson<{ readonly name?: unknown }>(join(pulumiHome(env), '.esc', 'credentials.json')).name;
  return typeof name === 'string' ? name : undefined;
}

/** The access token that `pulumi login` left for a backend. */
export function storedAccessToken(env: Environment, url: string): string | undefined {
  const { accessTokens, accounts } = readCredentials(env);
  for (const key of [url, `${url}/`]) {
    const token = accessTokens?.[key] || accounts?.[key]?.accessToken;
    if (token) return token;
  }
  return undefined;
}

interface StoredCredentials {
  readonly current?: string;
  readonly accessTokens?: Readonly<Record<string, string>>;
  readonly accounts?: Readonly<Record<string, { readonly accessToken?: string }>>;
}

function readCredentials(env: Environment): StoredCredentials {
  return readJson<StoredCredentials>(join(env.PULUMI_CREDENTIALS_PATH || pulumiHome(env), 'credentials.json'));
}

function pulumiHome(env: Environment): string {
  return env.PULUMI_HOME ?? join(homedir(), '.pulumi');
}

/** An object in a file; an empty one where it cannot be read. */
function readJson<T extends object>(file: string): Partial<T> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
