import { relative } from 'node:path';
import { Identities } from '../encryption/identities';
import { Keyring } from '../encryption/keyring';
import { Failure } from '../failures/failure';
import { createEscClient } from '../workspace/cloud-client';
import { buildEntityGraph } from '../workspace/entity-graph';
import { findEnvironmentFile } from '../workspace/environment-file';
import { Git } from '../workspace/git';
import { processEnvironment } from '../workspace/process-environment';
import { backendOf } from '../workspace/backend-choice';
import { environmentProjectOf } from '../workspace/workspace-index';
import { importsOf } from '../synchronization/import-order';
import { RemoteEnvironments } from '../synchronization/remote-environments';
import type { SyncContext } from '../synchronization/sync-context';
import { askHidden } from './ask';
import { type CliSession, readNxJson, startCliSession } from './cli-session';

/** Which environments a command is about. */
export interface Selection {
  /** Environments, projects or files. */
  readonly names: readonly string[];
  readonly all: boolean;
  /** Those of which the file, or one that they import, differs between two revisions. */
  readonly affected: boolean;
  /** Only environments of this name, in whatever project. */
  readonly env?: string;
  readonly base?: string;
  readonly head?: string;
}

export interface SyncSession extends CliSession {
  readonly sync: SyncContext;
}

/** Runs a command that brings the workspace and the service together. */
export async function withSync<T>(workspaceRoot: string, run: (session: SyncSession) => Promise<T>): Promise<T> {
  const session = startCliSession(workspaceRoot, 'cloud');
  try {
    const { index, options, services } = session;
    const client = createEscClient(options, services.providers);
    refuseInsecure(client.url);
    const identities = new Identities(processEnvironment(), process.stdin.isTTY ? askHidden : undefined);
    const context = { workspaceRoot, identities, signal: services.signal };
    const sync: SyncContext = {
      ...context,
      index,
      git: new Git(workspaceRoot, processEnvironment(), services.signal),
      remotes: new RemoteEnvironments(client, options.organization),
      keyring: new Keyring(context),
    };
    const result = await run({ ...session, sync });
    index.facts.save();
    return result;
  } catch (error) {
    throw session.services.signal.aborted ? interrupted() : error;
  } finally {
    await session.services.audit?.flush();
    session.dispose();
  }
}

/**
 * The environments that are meant, sorted. `includesRemote` takes those in, too, that only the service has.
 *
 * @throws Failure config/option-invalid, config/environment-not-found, config/revision-not-found
 */
export async function selectEnvironments(
  session: SyncSession,
  selection: Selection,
  { includesRemote }: { readonly includesRemote: boolean },
): Promise<string[]> {
  const { names, all, affected } = selection;
  if ([names.length > 0, all, affected].filter(Boolean).length !== 1) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: 'it is not said which environments are meant, or said twice',
      hint: 'name some, or give --all or --affected',
    });
  }
  if (names.length > 0) return [...new Set(names.flatMap((name) => environmentsNamed(session, name)))].sort();
  const { env } = selection;
  const isWanted = (name: string): boolean => env === undefined || name.endsWith(`/${env}`);
  const kept = keptInService(session).filter(isWanted);
  if (affected) return changedEnvironments(session, selection, kept);
  const projects = new Set([...session.index.projects()].map(({ name }) => environmentProjectOf(name)));
  const there = includesRemote ? await session.sync.remotes.names() : [];
  const ours = there.filter((name) => projects.has(name.slice(0, name.indexOf('/'))) && isWanted(name));
  return [...new Set([...kept, ...ours])].sort();
}

/** Where nx.json says of some environments that the service has them, those; else every one. */
function keptInService({ index, options }: SyncSession): readonly string[] {
  const kept = index.names().filter((name) => backendOf(name, options) !== 'local');
  return kept.length > 0 ? kept : index.names();
}

function environmentsNamed({ index, sync }: SyncSession, written: string): string[] {
  if (/\.ya?ml$/.test(written)) return [findEnvironmentFile(written, index, process.cwd()).name];
  const ofProject = [...index.environments()].filter(
    ({ project }) => project.name === written || environmentProjectOf(project.name) === written,
  );
  if (ofProject.length > 0) return ofProject.map(({ name }) => name);
  // What has no file may be in the service.
  if (/^[\w.-]+\/[\w.-]+$/.test(written)) return [written];
  return [findEnvironmentFile(written, index, sync.workspaceRoot).name];
}

/** Environments of files that are gone are left to the user. */
async function changedEnvironments(
  { index, sync }: SyncSession,
  { base, head }: Selection,
  kept: readonly string[],
): Promise<string[]> {
  const { git, workspaceRoot } = sync;
  const env = processEnvironment();
  const newer = head ?? env.NX_HEAD;
  const to = newer === undefined ? undefined : await git.commitOf(newer);
  const older = base ?? env.NX_BASE ?? readNxJson(workspaceRoot)?.defaultBase ?? 'main';
  const changed = new Set(await git.changedFiles(await git.baseOf(older, to ?? 'HEAD'), to));
  const graph = buildEntityGraph(index);
  const isChanged = (name: string): boolean => changed.has(relative(workspaceRoot, index.fileOf(name) ?? ''));
  return kept.filter((name) => [name, ...importsOf(name, graph).closure].some(isChanged));
}

function interrupted(): Failure {
  return new Failure({
    class: 'deploy',
    code: 'cancelled',
    message: 'interrupted; what was done stays',
    hint: 'run it again: what was done is not done twice',
    exitCode: 130,
  });
}

/** Secrets go to the service and come from it. */
function refuseInsecure(url: string): void {
  const { protocol, hostname } = new URL(url);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  if (protocol === 'https:' || isLoopback) return;
  throw new Failure({
    class: 'config',
    code: 'service-insecure',
    message: `${url} is not encrypted`,
    hint: 'use https: secrets go to the service and come from it',
  });
}
