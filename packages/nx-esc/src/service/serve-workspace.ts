import { mkdir, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { LocalBackend, type ProviderHost } from '../backends/local/local-backend';
import type { Reporter } from '../deployment/reporter';
import { Identities } from '../encryption/identities';
import { Failure } from '../failures/failure';
import type { Environment } from '../pulumi/environment';
import type { NormalizedOptions } from '../workspace/plugin-options';
import { createSession } from '../workspace/session';
import type { WorkspaceIndex } from '../workspace/workspace-index';
import { createToken, openTokenFile } from './access-token';
import { KeyKeeper, openKeyFile } from './secrets/key-keeper';
import { KeyringKeeper } from './secrets/keyring-keeper';
import type { SecretKeeper } from './secrets/secret-keeper';
import { type Service, type ServiceOptions, startService } from './start-service';
import { replaceFile } from './stores/atomic-files';
import type { EnvironmentStore } from './stores/environment-store';
import { FolderStore } from './stores/folder-store';
import { MemoryStore } from './stores/memory-store';
import { prepareFolder, WorkspaceStore } from './stores/workspace-store';

type ListeningOptions = Pick<ServiceOptions, 'host' | 'port' | 'allowsRemote' | 'isReadOnly' | 'onResponse'>;

export interface WorkspaceServiceOptions extends ListeningOptions {
  readonly workspaceRoot: string;
  readonly readIndex: () => WorkspaceIndex;
  readonly options: NormalizedOptions;
  readonly env: Environment;
  readonly reporter: Reporter;
  /** Where environments are kept: `workspace`, `memory`, or `folder:<path>`. */
  readonly store: string;
  /** Token for clients. Else it is read from the file, which is made if it is not there. */
  readonly token?: string;
  readonly tokenFile?: string;
  /** File for the variables that clients need, as long as the service runs. */
  readonly envFile?: string;
}

export interface WorkspaceService extends Service {
  /** Lines for a shell that point clients at the service. */
  readonly exports: readonly string[];
}

interface OpenedStore {
  readonly store: EnvironmentStore;
  readonly keeper: SecretKeeper;
}

/**
 * Serves the environments of a workspace, or others with its providers.
 *
 * @throws Failure of startService, config/option-invalid for an unknown store, secrets/token-file-unusable
 */
export async function serveWorkspace(request: WorkspaceServiceOptions): Promise<WorkspaceService> {
  const { workspaceRoot, readIndex, options, env, reporter, store: _, ...rest } = request;
  const { token: given, tokenFile: givenFile, envFile, ...listening } = rest;
  const stateFolder = join(workspaceRoot, '.nx', 'esc-service');
  const { organization } = options;
  const token = given ?? (givenFile === undefined ? createToken() : await openTokenFile(resolve(givenFile)));
  await prepareFolder(stateFolder);
  if (envFile !== undefined) await mkdir(dirname(resolve(envFile)), { recursive: true });
  const service = await startService({
    ...listening,
    ...(await openStore(request, stateFolder)),
    ...(organization !== undefined && { organization }),
    token,
    user: userInfo().username,
    providers: (signal) => createProviders({ readIndex, options, env, reporter }, signal),
    onFault: (error) => reporter.warn(`internal error: ${error instanceof Error ? error.stack : String(error)}`),
  });
  // A token that is made for this start is left where clients can read it, and removed with the service.
  const ownFile =
    given === undefined && givenFile === undefined
      ? join(stateFolder, `token-${new URL(service.url).port}`)
      : undefined;
  const tokenFile = ownFile ?? givenFile;
  if (ownFile !== undefined) await replaceFile(ownFile, `${token}\n`);
  if (envFile !== undefined) {
    const variables = `PULUMI_BACKEND_URL=${service.url}\nPULUMI_ACCESS_TOKEN=${token}\n`;
    await replaceFile(resolve(envFile), variables);
  }
  return {
    ...service,
    exports: [
      `export PULUMI_BACKEND_URL=${service.url}`,
      ...(tokenFile === undefined ? [] : [`export PULUMI_ACCESS_TOKEN="$(cat ${quote(resolve(tokenFile))})"`]),
    ],
    async close() {
      await service.close();
      for (const file of [ownFile, envFile]) if (file !== undefined) await rm(resolve(file), { force: true });
    },
  };
}

async function openStore(
  { store, workspaceRoot, readIndex, env }: WorkspaceServiceOptions,
  historyFolder: string,
): Promise<OpenedStore> {
  if (store === 'memory') return { store: new MemoryStore(), keeper: new KeyKeeper() };
  if (store === 'workspace') {
    return {
      store: new WorkspaceStore({ workspaceRoot, readIndex, historyFolder }),
      keeper: new KeyringKeeper({ workspaceRoot, identities: new Identities(env) }),
    };
  }
  const folder = /^folder:(.+)$/.exec(store)?.[1];
  if (folder === undefined) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `unknown store "${store}"`,
      hint: 'stores: workspace, memory, folder:<path>',
    });
  }
  const root = resolve(folder);
  return { store: new FolderStore(join(root, 'environments')), keeper: await openKeyFile(join(root, 'key')) };
}

/** What stacks have for outputs changes while the service runs: each evaluation reads anew what it asks for. */
function createProviders(
  session: Pick<WorkspaceServiceOptions, 'readIndex' | 'options' | 'env' | 'reporter'>,
  signal: AbortSignal,
): ProviderHost {
  let host: ProviderHost | undefined;
  const open = (): ProviderHost => {
    const { readIndex, ...options } = session;
    const { backend } = createSession({ ...options, index: readIndex(), signal, backend: 'local' });
    if (!(backend instanceof LocalBackend)) throw new Error('the providers of the workspace run in this process only');
    return backend.providers(signal);
  };
  return {
    loadProvider: (name) => (host ??= open()).loadProvider(name),
    loadRotator: (name) => (host ??= open()).loadRotator(name),
  };
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
