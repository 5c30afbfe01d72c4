import { entriesOf, type ExportedValue, type Provider, type Schema } from 'esc-eval';
import { Recipients, RECIPIENTS_FILE } from '../encryption/recipients-file';
import { Failure } from '../failures/failure';
import { inspectInTree } from './inspect-in-tree';
import { type RecipientKey, recipientKeysOf } from './recipient-keys';
import type { WorkspaceTree } from './workspace-tree';

/** A secret of Secrets Manager, or a parameter of Systems Manager, that an environment opens. */
export interface OpenedResource {
  readonly kind: 'secret' | 'parameter';
  readonly region: string;
  /** Name or ARN, as the environment has it. */
  readonly id: string;
  readonly isDecrypted?: boolean;
}

/** What an environment asks AWS for. */
export interface OpenedResources {
  readonly resources: readonly OpenedResource[];
  /** Roles that `fn::open::aws-login` takes on. */
  readonly roles: readonly string[];
  /** Whether it reads outputs of stacks. */
  readonly readsStacks: boolean;
  /** With what its secrets at rest are opened. */
  readonly recipientKeys: readonly RecipientKey[];
}

const ANY: Schema = { always: true };

/**
 * Finds out, without opening anything, which secrets and parameters an environment opens.
 *
 * @throws Failure config/resource-unknown for a name that only a deployed stack knows, config/recipients-invalid, and
 * those of a check
 */
export async function openedResources(
  workspace: WorkspaceTree,
  ref: string,
  signal: AbortSignal,
): Promise<OpenedResources> {
  const collector = new ResourceCollector(ref);
  const texts = new Map<string, string>();
  const onRead = (file: string, text: string): void => void texts.set(file, text);
  await inspectInTree(workspace, ref, (name) => collector.provider(name), { signal, onRead });
  const recipients = new Recipients(RECIPIENTS_FILE, workspace.tree.read(RECIPIENTS_FILE, 'utf8') ?? '');
  return { ...collector.collected(), recipientKeys: recipientKeysOf(texts, recipients) };
}

class ResourceCollector {
  readonly #resources = new Map<string, OpenedResource>();
  readonly #roles = new Set<string>();
  #readsStacks = false;

  constructor(readonly ref: string) {}

  collected(): Omit<OpenedResources, 'recipientKeys'> {
    return { resources: [...this.#resources.values()], roles: [...this.#roles], readsStacks: this.#readsStacks };
  }

  provider(name: string): Provider {
    return {
      inputs: ANY,
      outputs: ANY,
      open: () => {
        throw new Error('nothing is opened here');
      },
      preview: (inputs) => this.#record(name, inputs),
    };
  }

  /** A check may ask for a preview more than once, with more of the inputs known each time. */
  #record(provider: string, inputs: ExportedValue): undefined {
    const entries = entriesOf(inputs);
    if (provider === 'pulumi-stacks') this.#readsStacks = true;
    if (provider === 'aws-login') {
      const role = entriesOf(entries.get('oidc')).get('roleArn');
      if (typeof role?.value === 'string') this.#roles.add(role.value);
    }
    if (provider !== 'aws-secrets' && provider !== 'aws-parameter-store') return undefined;
    const kind = provider === 'aws-secrets' ? 'secret' : 'parameter';
    for (const [key, request] of entriesOf(entries.get('get'))) {
      const fields = entriesOf(request);
      const region = this.#textOf(entries.get('region'), `the region of ${provider}`);
      const id = this.#textOf(fields.get(kind === 'secret' ? 'secretId' : 'name'), `"${key}" of ${provider}`);
      const isDecrypted = fields.get('decrypt')?.value === true;
      this.#resources.set(JSON.stringify([kind, region, id]), {
        kind,
        region,
        id,
        ...(isDecrypted && { isDecrypted }),
      });
    }
    return undefined;
  }

  #textOf(value: ExportedValue | undefined, what: string): string {
    if (typeof value?.value === 'string' && value.unknown !== true) return value.value;
    throw new Failure({
      class: 'config',
      code: 'resource-unknown',
      message: `${what} in ${this.ref} is not known before the environment is opened`,
      hint: 'write its name in the environment: permission is granted by name',
    });
  }
}
