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

/**
 * The service that keeps environments: the first of `PULUMI_BACKEND_URL`, `PULUMI_API`, what the options say and the one
 * logged in to that is none of the do-it-yourself backends, which keep no environments.
 */
export function resolveCloudUrl(env: Environment, optionUrl?: string): string {
  const urls = [env.PULUMI_BACKEND_URL, env.PULUMI_API, optionUrl, loggedInUrl(env)];
  const url = urls.find((candidate) => candidate !== undefined && /^https?:\/\/./.test(candidate));
  return (url ?? DEFAULT_URL).replace(/\/+$/, '');
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
  try {
    const home = env.PULUMI_HOME ?? join(homedir(), '.pulumi');
    return JSON.parse(readFileSync(join(home, 'credentials.json'), 'utf8')) as StoredCredentials;
  } catch {
    return {};
  }
}
