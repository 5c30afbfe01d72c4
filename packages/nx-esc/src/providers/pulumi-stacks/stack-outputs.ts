import { type Data, readJson, secret } from 'esc-eval';
import { Failure } from '../../failures/failure';
import { resolveBackend, type StateBackend } from '../../pulumi/backend-url';
import { type Environment, readPassphrase } from '../../pulumi/environment';
import { PassphraseCrypter, PassphraseError } from '../../pulumi/passphrase-crypter';
import type { PulumiCli } from '../../pulumi/pulumi-cli';
import { readSecretEnvelope } from '../../pulumi/secret-envelope';
import { qualifyStackName, shortStackName, type StackName } from '../../pulumi/stack-name';
import { readDeployment, readStateFile, type StackState, UNREADABLE } from '../../pulumi/state-file';

/** Where a Pulumi project of the workspace is, and the backend that its Pulumi.yaml names. */
export interface PulumiProject {
  readonly folder: string;
  readonly backendUrl?: string;
}

export interface StackOutputsOptions {
  readonly cli: PulumiCli;
  readonly signal: AbortSignal;
  readonly workspaceRoot: string;
  readonly organization?: string;
  /** Finds a project of the workspace by the name in its Pulumi.yaml. */
  readonly findProject: (name: string) => PulumiProject | undefined;
}

/** Gives the variables with which `pulumi` may read a state backend. */
export type SignIn = (backend: StateBackend) => Promise<Environment>;

interface StatePlace {
  readonly backend: StateBackend;
  readonly folder: string;
  readonly signIn: SignIn | undefined;
}

export type StackOutputs =
  | { readonly state: 'missing' }
  | { readonly state: 'not-deployed' }
  | { readonly state: 'deployed'; readonly outputs: ReadonlyMap<string, unknown> };

/**
 * Reads the outputs of stacks from the workspace's state backend, each stack once. States in `file://` folders are read
 * directly, which spares a start of `pulumi`; all else is asked of `pulumi stack export`.
 */
export class StackOutputsReader {
  readonly #read = new Map<string, Promise<StackOutputs>>();

  constructor(readonly options: StackOutputsOptions) {}

  /** Reads a stack; `signIn` gives the variables of who may read its state, where that is not everybody. */
  read(name: StackName, signIn?: SignIn): Promise<StackOutputs> {
    const id = shortStackName(name);
    let reading = this.#read.get(id);
    if (reading === undefined) this.#read.set(id, (reading = this.#readNow(name, signIn)));
    return reading;
  }

  /** Tells whether a stack has resources, as its state says now; its secrets stay as they are. */
  async isDeployed(name: StackName, signIn?: SignIn): Promise<boolean> {
    const place: StatePlace = { ...this.#placeOf(name), signIn };
    const { folder } = place.backend;
    const state = folder === undefined ? UNREADABLE : await readStateFile(folder, name);
    return (state === UNREADABLE ? await this.#export(name, place, []) : state)?.outputs !== undefined;
  }

  /** Forgets a stack that has been deployed since. */
  forget(name: Pick<StackName, 'project' | 'stack'>): void {
    this.#read.delete(shortStackName(name));
  }

  async #readNow(name: StackName, signIn: SignIn | undefined): Promise<StackOutputs> {
    const state = await this.#readState(name, { ...this.#placeOf(name), signIn });
    if (state === undefined) return { state: 'missing' };
    if (state.outputs === undefined) return { state: 'not-deployed' };
    const outputs = await this.#reveal(state.outputs, state, name);
    return { state: 'deployed', outputs: outputs as ReadonlyMap<string, unknown> };
  }

  #placeOf(name: StackName): Pick<StatePlace, 'folder' | 'backend'> {
    const project = this.options.findProject(name.project);
    const folder = project?.folder ?? this.options.workspaceRoot;
    return { folder, backend: resolveBackend(this.options.cli.baseEnv, project?.backendUrl, folder) };
  }

  async #readState(name: StackName, place: StatePlace): Promise<StackState | undefined> {
    const { backend } = place;
    if (backend.folder !== undefined) {
      const state = await readStateFile(backend.folder, name);
      const isOurs = state === undefined || (state !== UNREADABLE && canReveal(state, this.#passphrase));
      if (isOurs) return state;
    }
    return this.#export(name, place);
  }

  get #passphrase(): string | undefined {
    return readPassphrase(this.options.cli.baseEnv);
  }

  async #export(
    name: StackName,
    { backend, folder, signIn }: StatePlace,
    flags: readonly string[] = ['--show-secrets'],
  ): Promise<StackState | undefined> {
    const { signal, organization } = this.options;
    const cli = signIn === undefined ? this.options.cli : this.options.cli.with(await signIn(backend));
    const reference = qualifyStackName(name, {
      isCloud: backend.isCloud,
      ...(organization !== undefined && { defaultOrganization: organization }),
    });
    const { code, stdout, stderr } = await cli.capture(['stack', 'export', ...flags, '--stack', reference], {
      cwd: folder,
      signal,
    });
    if (code === 0) return readDeployment((readJson(stdout) as ReadonlyMap<string, Data>).get('deployment'));
    if (/no stack named|not found|does not exist/i.test(stderr)) return undefined;
    throw exportFailure(name, stderr);
  }

  async #reveal(data: Data, state: StackState, name: StackName): Promise<unknown> {
    const envelope = data instanceof Map ? readSecretEnvelope(Object.fromEntries(data)) : undefined;
    if (envelope !== undefined) {
      const text = 'plaintext' in envelope ? envelope.plaintext : await this.#decrypt(envelope.ciphertext, state, name);
      return secret(readJson(text));
    }
    if (Array.isArray(data)) return Promise.all(data.map((item: Data) => this.#reveal(item, state, name)));
    if (!(data instanceof Map)) return data;
    const entries = [...(data as ReadonlyMap<string, Data>)].map(
      async ([key, value]) => [key, await this.#reveal(value, state, name)] as const,
    );
    return new Map(await Promise.all(entries));
  }

  async #decrypt(ciphertext: string, state: StackState, name: StackName): Promise<string> {
    try {
      const crypter = await PassphraseCrypter.create(this.#passphrase ?? '', state.passphraseSalt ?? '');
      return crypter.decrypt(ciphertext);
    } catch (error) {
      if (!(error instanceof PassphraseError)) throw error;
      throw new Failure({
        class: 'secrets',
        code: 'secret-decrypt-failed',
        message: `the secret outputs of stack "${shortStackName(name)}" cannot be decrypted: ${error.message}`,
        hint: 'set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of that stack',
      });
    }
  }
}

function canReveal(state: StackState, passphrase: string | undefined): boolean {
  return state.secretsProvider === undefined || (state.passphraseSalt !== undefined && passphrase !== undefined);
}

function exportFailure(name: StackName, stderr: string): Failure {
  const reason =
    stderr
      .replace(/^error:\s*/i, '')
      .trim()
      .split('\n')[0] ?? '';
  if (/passphrase/i.test(stderr)) {
    return new Failure({
      class: 'secrets',
      code: 'secret-decrypt-failed',
      message: `the secret outputs of stack "${shortStackName(name)}" cannot be decrypted: ${reason}`,
      hint: 'set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of that stack',
    });
  }
  return new Failure({
    class: 'config',
    code: 'stack-unreadable',
    message: `the outputs of stack "${shortStackName(name)}" cannot be read: ${reason}`,
    hint: 'run "pulumi stack ls" in the project to see that you are logged in to its backend',
  });
}
