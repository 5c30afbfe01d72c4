import { join } from 'node:path';
import { createTestProviders, TEST_ROTATORS } from 'esc-eval/testing';
import type { ProviderHost } from '../backends/local/local-backend';
import { KeyKeeper } from '../service/secrets/key-keeper';
import type { AnsweredRequest } from '../service/server';
import { type Service, type ServiceOptions, startService } from '../service/start-service';
import { MemoryStore } from '../service/stores/memory-store';
import { WorkspaceStore } from '../service/stores/workspace-store';
import { normalizeOptions } from '../workspace/plugin-options';
import { indexWorkspace } from '../workspace/read-workspace';

export interface TestService extends Service {
  /** What was answered up to now. */
  readonly answered: readonly AnsweredRequest[];
  /** Faults of ours up to now. */
  readonly faults: readonly unknown[];
  /** Asks as a client with the token, unless the headers say otherwise. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts a service with environments in memory, unless other options are given, and with providers for tests. */
export async function startTestService(options: Partial<ServiceOptions> = {}): Promise<TestService> {
  const answered: AnsweredRequest[] = [];
  const faults: unknown[] = [];
  const service = await startService({
    store: new MemoryStore(),
    keeper: new KeyKeeper(),
    organization: 'acme',
    user: 'somebody',
    providers: () => TEST_PROVIDERS,
    onResponse: (request) => answered.push(request),
    onFault: (error) => faults.push(error),
    ...options,
  });
  return {
    ...service,
    answered,
    faults,
    fetch: (path, init = {}) =>
      fetch(`${service.url}${path}`, {
        ...init,
        headers: { authorization: `token ${service.token}`, ...(init.headers as Record<string, string>) },
      }),
  };
}

/** Starts services in tests; each is closed after the test that it was started in. */
export function useTestServices(afterEach: (close: () => Promise<void>) => void): typeof startTestService {
  let services: TestService[] = [];
  afterEach(async () => {
    await Promise.all(services.map((service) => service.close()));
    services = [];
  });
  return async (options) => {
    const service = await startTestService(options);
    services.push(service);
    return service;
  };
}

/** Serves the files of a workspace that Nx has not read. */
export function openWorkspaceStore(workspaceRoot: string): WorkspaceStore {
  return new WorkspaceStore({
    workspaceRoot,
    readIndex: () => indexWorkspace(workspaceRoot, normalizeOptions(undefined)),
    historyFolder: join(workspaceRoot, '.nx/esc-service'),
  });
}

/** Doubles under names of ESC, too, where only those are looked at. */
const TEST_PROVIDERS: ProviderHost = {
  loadProvider: (name) => find(createTestProviders(), name === 'pulumi-stacks' ? 'test' : name, 'provider'),
  loadRotator: (name) => find(TEST_ROTATORS, name === 'passwords' ? 'swap' : name, 'rotator'),
};

function find<T>(doubles: ReadonlyMap<string, T>, name: string, what: string): T {
  const found = doubles.get(name);
  if (found === undefined) throw new Error(`unknown ${what} ${JSON.stringify(name)}`);
  return found;
}
