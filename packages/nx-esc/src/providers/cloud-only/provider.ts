import type { Provider } from 'esc-eval';
import { Failure } from '../../failures/failure';
import { ProviderFailure } from '../provider-failure';
import { schema } from '../schemas';
import { CLOUD_ONLY } from './schemas';

/** A provider of Pulumi Cloud that this backend can check and not open; undefined for a name that is none. */
export function createCloudOnlyProvider(name: string): Provider | undefined {
  const schemas = Object.hasOwn(CLOUD_ONLY, name) ? CLOUD_ONLY[name] : undefined;
  if (schemas === undefined) return undefined;
  return {
    inputs: schema(schemas.inputs),
    outputs: schema(schemas.outputs),
    open() {
      const failure = new Failure({
        class: 'config',
        code: 'provider-unavailable',
        message: `the provider ${name} is not available on the local backend`,
        hint: `use the cloud backend, or name a module for it in nx.json: "providers": { "${name}": "./tools/${name}.mjs" } (docs/providers.md)`,
      });
      throw new ProviderFailure(failure);
    },
  };
}
