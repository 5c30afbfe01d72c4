import { type Decrypter, type EvaluationHost, type Provider, ProviderFault, type Rotator } from 'esc-eval';
import type { AwsRoles } from '../../aws/aws-roles';
import type { CredentialsSource } from '../../encryption/kms-key';
import { Failure } from '../../failures/failure';
import { createModuleProvider } from '../../providers/module/load-module';
import type { ProviderContext, ProviderServices } from '../../providers/provider-context';
import { ProviderFailure } from '../../providers/provider-failure';
import type { KnownOutputs } from '../../providers/pulumi-stacks/provider';
import { signInToState } from '../../providers/pulumi-stacks/sign-in';
import type { StackOutputsReader } from '../../providers/pulumi-stacks/stack-outputs';
import { createProvider } from '../../providers/registry';
import { loadRotator } from '../../providers/rotators';
import type { OpenedStack } from '../backend';

/** Opens secrets at rest, with the credentials of a reader where it takes AWS. */
interface SecretsAtRest {
  decrypt(ciphertext: Uint8Array, reader?: CredentialsSource): Promise<Uint8Array>;
}

/** What environments are opened with. */
export interface ProviderCallOptions {
  readonly workspaceRoot: string;
  /** Reads the outputs of stacks; only where providers are not given. */
  readonly stackOutputs?: StackOutputsReader;
  /** Outputs of stacks that checks take for known without reading any state. */
  readonly knownOutputs?: KnownOutputs;
  /** What providers other than pulumi-stacks work with; without it there are none. */
  readonly providers?: ProviderServices;
  /** Modules of the workspace that are providers, by the name of the provider. */
  readonly providerModules?: Readonly<Record<string, string>>;
  /** Providers that take the place of those of this backend. */
  readonly loadProvider?: (name: string) => Provider | Promise<Provider>;
  /** Opens secrets at rest; checks do without. */
  readonly decrypter?: SecretsAtRest;
}

/** For whom the calls are made. */
export interface Caller {
  readonly roles: AwsRoles;
  readonly undeployedStacks: readonly string[];
}

type KeepState = NonNullable<EvaluationHost['keepState']>;

/** What one evaluation asks of the world beside texts, and what came of it. */
export class ProviderCalls {
  /** Stacks whose outputs were read. */
  readonly stacks: OpenedStack[] = [];
  /** Failures by the words of their diagnostics: the evaluator passes on messages alone. */
  readonly failures = new Map<string, Failure>();
  /** When the first of the credentials that were given out ends. */
  expiresAt: Date | undefined;

  constructor(readonly options: ProviderCallOptions) {}

  decrypter({ roles }: Caller): Decrypter {
    const { decrypter, providers } = this.options;
    const reader = roles.reader && providers && (async () => (await providers.aws.reader(roles).get()).credentials);
    return {
      decrypt: (ciphertext) => {
        if (decrypter === undefined) throw new Error('no decrypter is available for this environment');
        return this.#keepFailure(
          callAsync(() => decrypter.decrypt(ciphertext, reader)),
          'decrypting: ',
        );
      },
    };
  }

  provider(name: string, caller: Caller): Provider | Promise<Provider> {
    const { loadProvider, providers, providerModules, workspaceRoot } = this.options;
    if (loadProvider !== undefined) return loadProvider(name);
    const path =
      providerModules !== undefined && Object.hasOwn(providerModules, name) ? providerModules[name] : undefined;
    if (path !== undefined && providers !== undefined)
      return this.#keepFailure(this.#moduleProvider({ name, path, workspaceRoot, services: providers }));
    const provider = providers && createProvider(name, this.#context(providers, caller));
    if (provider === undefined) throw new Error(`unknown provider ${JSON.stringify(name)}`);
    return this.#watch(provider);
  }

  async #moduleProvider(request: Parameters<typeof createModuleProvider>[0]): Promise<Provider> {
    return this.#watch(await createModuleProvider(request));
  }

  #context(services: ProviderServices, { roles, undeployedStacks }: Caller): ProviderContext {
    const { knownOutputs, stackOutputs } = this.options;
    const stacks = stackOutputs && {
      reader: stackOutputs,
      undeployedStacks,
      onStack: (stack: OpenedStack) => void this.stacks.push(stack),
      signIn: signInToState(services, roles),
      ...(knownOutputs !== undefined && { knownOutputs }),
    };
    const onExpiry = (time: Date): void => {
      if (this.expiresAt === undefined || time < this.expiresAt) this.expiresAt = time;
    };
    return { services, roles, stacks, onExpiry };
  }

  #watch(provider: Provider): Provider {
    return { ...provider, open: (...request) => this.#keepFailure(callAsync(() => provider.open(...request))) };
  }

  async rotator(name: string): Promise<Rotator> {
    const rotator = await loadRotator(name, this.options.providers);
    return {
      ...rotator,
      open: (...request) => this.#keepFailure(callAsync(() => rotator.open(...request))),
      rotate: (...request) =>
        this.#keepFailure(
          callAsync(() => rotator.rotate(...request)),
          'rotate: ',
        ),
    };
  }

  keepState(keepState: KeepState): KeepState {
    return (patch) =>
      this.#keepFailure(
        callAsync(() => keepState(patch)),
        'rotate: ',
      );
  }

  async #keepFailure<T>(opening: Promise<T>, prefix = ''): Promise<T> {
    try {
      return await opening;
    } catch (error) {
      const failure = error instanceof ProviderFailure ? error.failure : error;
      if (!(failure instanceof Failure)) throw error;
      this.failures.set(`${prefix}${failure.message}`, failure);
      if (error instanceof ProviderFailure) throw error;
      throw new ProviderFault(failure.message, failure.hint === undefined ? {} : { hint: failure.hint });
    }
  }
}

async function callAsync<T>(call: () => T): Promise<Awaited<T>> {
  return await call();
}
