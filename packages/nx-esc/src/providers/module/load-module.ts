import { createRequire } from 'node:module';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Data, EscNumber, plainData, type Provider, secret } from 'esc-eval';
import { Failure, type FailureCode } from '../../failures/failure';
import { fetchCiToken } from '../oidc/provider';
import type { ProviderServices } from '../provider-context';
import { ProviderFailure } from '../provider-failure';
import { schema } from '../schemas';
import type { ProviderModule } from './provider-module';

export interface ModuleRequest {
  /** Name of the provider. */
  readonly name: string;
  /** Path of the module, relative to the workspace. */
  readonly path: string;
  readonly workspaceRoot: string;
  readonly services: ProviderServices;
}

/**
 * Makes a provider of a module of the workspace (docs/providers.md).
 *
 * @throws Failure config/option-invalid where it cannot be loaded or is no provider
 */
export async function createModuleProvider(request: ModuleRequest): Promise<Provider> {
  const { name, services } = request;
  const module = await loadModule(request);
  try {
    return {
      inputs: schema(module.inputs),
      outputs: schema(module.outputs),
      open: async (inputs, { currentEnvironment, rootEnvironment }, { signal }) => {
        try {
          return await module.open(toPlain(plainData(inputs, { reveal: true })) as Record<string, unknown>, {
            currentEnvironment,
            rootEnvironment,
            signal,
            env: services.env,
            secret,
            fetchIdToken: async (audience) => (await fetchCiToken(services, audience, signal)).reveal(),
          });
        } catch (error) {
          signal.throwIfAborted();
          throw failureOfModule(error, name);
        }
      },
    };
  } catch (error) {
    throw invalid(request, `its schemas are not valid: ${(error as Error).message}`);
  }
}

async function loadModule(request: ModuleRequest): Promise<ProviderModule> {
  const file = resolve(request.workspaceRoot, request.path);
  const inside = relative(request.workspaceRoot, file);
  if (isAbsolute(request.path) || inside === '..' || inside.startsWith(`..${sep}`))
    throw invalid(request, 'it is outside of the workspace');
  const exported = await importFile(file, request);
  const candidate = providerIn(exported);
  if (candidate === undefined)
    throw invalid(request, 'it exports no provider: an object with inputs, outputs and open');
  return candidate;
}

async function importFile(file: string, request: ModuleRequest): Promise<unknown> {
  try {
    if (/\.[mc]?ts$/.test(file)) return requireTypeScript(file, request.workspaceRoot);
    // Run from source, our own import() is compiled to require(), which knows paths and no URLs.
    if (__filename.endsWith('.ts')) return createRequire(__filename)(file) as unknown;
    return (await import(pathToFileURL(file).href)) as unknown;
  } catch (error) {
    throw invalid(request, (error as Error).message.split('\n')[0] ?? '');
  }
}

/** TypeScript is read with the compiler that Nx workspaces have; newer versions of Node need none. */
function requireTypeScript(file: string, workspaceRoot: string): unknown {
  const require = createRequire(join(workspaceRoot, 'package.json'));
  try {
    require('@swc-node/register');
  } catch {
    // Node strips types by itself, or says below that it cannot.
  }
  return require(file) as unknown;
}

/** The export of a module; that of a CommonJS module comes as the default of a default. */
function providerIn(exported: unknown): ProviderModule | undefined {
  const { default: main, provider } = (exported ?? {}) as { readonly default?: unknown; readonly provider?: unknown };
  const inner = (main ?? {}) as { readonly default?: unknown; readonly provider?: unknown };
  return [provider, inner.provider, inner.default, main, exported].find(isProviderModule);
}

function isProviderModule(value: unknown): value is ProviderModule {
  if (typeof value !== 'object' || value === null) return false;
  const { inputs, outputs, open } = value as Partial<ProviderModule>;
  return inputs !== undefined && outputs !== undefined && typeof open === 'function';
}

function failureOfModule(error: unknown, name: string): ProviderFailure {
  if (error instanceof Failure) return new ProviderFailure(error);
  const { message, hint, code } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly message?: unknown;
    readonly hint?: unknown;
    readonly code?: unknown;
  };
  const failure = new Failure(
    {
      class: 'secrets',
      // A module has codes of its own.
      code: typeof code === 'string' && /^[a-z][a-z-]*$/.test(code) ? (code as FailureCode) : 'provider-module-failed',
      message: `${name}: ${typeof message === 'string' ? message : String(error)}`,
      ...(typeof hint === 'string' && { hint }),
    },
    { cause: error },
  );
  return new ProviderFailure(failure);
}

function toPlain(data: Data): unknown {
  if (data instanceof EscNumber) return Number(data.text);
  if (Array.isArray(data)) return data.map(toPlain);
  if (!(data instanceof Map)) return data;
  const entries = [...(data as ReadonlyMap<string, Data>)].map(([key, value]) => [key, toPlain(value)] as const);
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries));
}

function invalid({ name, path }: ModuleRequest, reason: string): Failure {
  return new Failure({
    class: 'config',
    code: 'option-invalid',
    message: `the provider module ${JSON.stringify(path)} of ${name} cannot be used: ${reason}`,
    hint: 'see docs/providers.md for what a provider module exports',
    location: { file: 'nx.json' },
  });
}
