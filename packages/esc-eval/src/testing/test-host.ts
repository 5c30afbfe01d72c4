import { quote } from '../diagnostics/quote';
import type { Decrypter, EvaluationHost, LoadedEnvironment } from '../evaluation/host';
import type { Provider } from '../functions/provider';
import { createTestProviders, TEST_ROTATORS } from './test-providers';

/** Adds 128 to each byte, in both directions: the cipher of the conformance suite. */
export const ROT128: Decrypter & { encrypt(plaintext: Uint8Array): Uint8Array } = {
  decrypt: (ciphertext) => ciphertext.map((byte) => byte ^ 0x80),
  encrypt: (plaintext) => plaintext.map((byte) => byte ^ 0x80),
};

export interface TestHostOptions {
  /** Environments by the name that imports them. */
  readonly environments: Readonly<Record<string, string>> | ((name: string) => Uint8Array | string);
  readonly providers?: ReadonlyMap<string, Provider>;
}

/** A host that has everything in memory, with the providers and rotators of the conformance suite. */
export function createTestHost({ environments, providers = createTestProviders() }: TestHostOptions): EvaluationHost {
  const load = (name: string): Uint8Array | string => {
    if (typeof environments === 'function') return environments(name);
    const source = environments[name];
    if (source === undefined) throw new Error(`environment ${quote(name)} not found`);
    return source;
  };
  return {
    loadEnvironment: (name): LoadedEnvironment => ({ source: load(name), decrypter: ROT128 }),
    loadProvider: (name) => find(providers, 'provider', name),
    loadRotator: (name) => find(TEST_ROTATORS, 'rotator', name),
  };
}

function find<T>(known: ReadonlyMap<string, T>, kind: string, name: string): T {
  const found = known.get(name);
  if (found === undefined) throw new Error(`unknown ${kind} ${quote(name)}`);
  return found;
}
