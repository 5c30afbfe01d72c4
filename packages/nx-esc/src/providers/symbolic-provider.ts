import { entriesOf, type ExportedValue, type Provider, type Schema, unknown } from 'esc-eval';
import { createStackPreview } from './pulumi-stacks/provider';
import { fingerprintOf } from './value-fingerprint';

const ANY: Schema = { always: true };

/**
 * Stands for every provider: what it will answer rests on what it is asked. Providers that answer each of several
 * requests by itself have a symbol for each.
 */
export function symbolicProvider(name: string): Provider {
  if (name === 'pulumi-stacks') {
    return { ...createStackPreview({}), open: refuseToOpen };
  }
  return { inputs: ANY, outputs: ANY, open: refuseToOpen, preview: (inputs) => previewRequests(name, inputs) };
}

/** `get` of the secrets stores is a mapping of requests. */
function previewRequests(name: string, inputs: ExportedValue): unknown {
  const others = new Map(entriesOf(inputs));
  const get = others.get('get');
  if (!(get?.value instanceof Map)) return undefined;
  others.delete('get');
  const common = fingerprintOf({ ...inputs, value: others });
  const requests = get.value as ReadonlyMap<string, ExportedValue>;
  return new Map(
    [...requests].map(([key, request]) => [key, unknown(`${name} ${common} ${fingerprintOf(request)}`)] as const),
  );
}

function refuseToOpen(): never {
  throw new Error('nothing is opened where values are only compared');
}
