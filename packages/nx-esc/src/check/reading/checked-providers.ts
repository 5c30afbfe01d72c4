import type { Provider } from 'esc-eval';
import { NO_ROLES } from '../../aws/aws-roles';
import { createModuleProvider } from '../../providers/module/load-module';
import { createProviderServices } from '../../providers/provider-services';
import { createProvider, PROVIDER_NAMES } from '../../providers/registry';
import { suggestName } from '../suggest-name';

const nothing = (): void => undefined;
/** Providers are made to be looked at: they are given nobody's variables, and asked for nothing. */
const SERVICES = createProviderServices({
  env: {},
  signal: new AbortController().signal,
  onSecret: nothing,
  onNote: nothing,
});
const CONTEXT = { services: SERVICES, roles: NO_ROLES, stacks: undefined };

export interface CheckedProvidersOptions {
  readonly workspaceRoot: string;
  /** Modules of the workspace that are providers, by the name of the provider. */
  readonly modules: Readonly<Record<string, string>>;
}

/** A provider as a check needs it: what it takes and what it gives. It opens nothing. */
export async function loadCheckedProvider(
  name: string,
  { workspaceRoot, modules }: CheckedProvidersOptions,
): Promise<Provider> {
  const path = Object.hasOwn(modules, name) ? modules[name] : undefined;
  const provider =
    path === undefined
      ? createProvider(name, CONTEXT)
      : await createModuleProvider({ name, path, workspaceRoot, services: SERVICES });
  if (provider !== undefined) return { ...provider, open: refuseToOpen };
  const suggestion = suggestName(name, [...PROVIDER_NAMES, ...Object.keys(modules)]);
  throw new Error(`unknown provider ${JSON.stringify(name)}${suggestion === undefined ? '' : `; ${suggestion}`}`);
}

/** Tells whether a provider answers each request with a text. */
export function givesTexts(name: string): boolean {
  return createProvider(name, CONTEXT)?.outputs.additionalProperties?.type === 'string';
}

export function refuseToOpen(): never {
  throw new Error('a check opens nothing');
}
