import {
  decryptSecrets,
  encryptSecrets,
  findSecretCalls,
  reencryptSecrets,
  SecretRewriteError,
  UnreadableDocumentError,
} from 'esc-eval';
import { Failure } from '../failures/failure';
import { etagOf, matchesEtag } from './etag';
import type { SecretKeeper } from './secrets/secret-keeper';
import { notFound, ServiceError } from './service-error';
import type {
  EnvironmentDetails,
  EnvironmentStore,
  Retraction,
  Revision,
  StoredEnvironment,
} from './stores/environment-store';
import { createDetails } from './stores/new-environment';
import { Turns } from './turns';

/** The definition of an environment that has just been created. */
const EMPTY_DEFINITION = 'values: {}\n';
export const LATEST = 'latest';

/** An environment's definition at one revision. */
export interface Definition {
  readonly name: string;
  readonly text: string;
  readonly revision: number;
  readonly etag: string;
}

/** What a definition is replaced by: the text as sent, and the tag of the one that it was made from. */
export interface Update {
  readonly text: string;
  readonly etag?: string;
}

export interface CloneOptions {
  readonly version?: string;
  readonly preservesHistory: boolean;
  readonly preservesTags: boolean;
  readonly preservesRevisionTags: boolean;
}

/** The environments of a store: what can be done to them, one change at a time for each. */
export class Environments {
  readonly #turns = new Turns();

  constructor(
    readonly store: EnvironmentStore,
    /** Undefined where the store keeps texts as they are, so that secrets in plain text are refused. */
    readonly keeper: SecretKeeper | undefined,
    /** Name of the user who makes changes. */
    readonly user: string,
  ) {}

  /** @throws ServiceError 404 */
  async get(name: string): Promise<StoredEnvironment> {
    const stored = await this.store.read(name);
    if (stored === undefined) throw notFound(`environment ${name}`);
    return stored;
  }

  /**
   * The definition at a revision or tag; the latest unless given.
   *
   * @throws ServiceError 404, also for a revision that has been retracted
   */
  async definition(name: string, version: string = LATEST): Promise<Definition> {
    const revision = await this.revision(name, version);
    return { name, text: revision.text, revision: revision.number, etag: etagOf(revision.text) };
  }

  async revision(name: string, version: string = LATEST): Promise<Revision> {
    const { head, details } = await this.get(name);
    const number = numberOf(version, head, details);
    if (number === undefined) throw notFound(`version ${version} of environment ${name}`);
    if (retractionOf(details, number)) throw new ServiceError(404, `revision ${number} of ${name} has been retracted`);
    if (number === head.number) return head;
    const revision = await this.store.readRevision(name, number);
    if (revision === undefined) throw notFound(`revision ${number} of environment ${name}`);
    return revision;
  }

  /** The definition with its secrets in plain text. */
  async decrypted(definition: Definition): Promise<string> {
    const { keeper } = this;
    if (keeper === undefined) return definition.text;
    return rewriting(() => decryptSecrets(definition.name, definition.text, keeper.decrypter(definition.name)));
  }

  /** @throws ServiceError 409 where there is one */
  create(name: string): Promise<void> {
    return this.#turns.take(name, async () => {
      const created = new Date().toISOString();
      const first = { number: 1, created, creator: this.user, text: EMPTY_DEFINITION };
      if (!(await this.store.create(name, createDetails(created), [first]))) throw existsAlready(name);
    });
  }

  /**
   * Replaces the definition, if the one that it was made from is still the latest. `check` throws where the new text must
   * not be kept.
   *
   * @throws ServiceError 404, 409 for a stale tag
   */
  update(name: string, { text, etag }: Update, check: () => Promise<void>): Promise<Definition> {
    return this.#turns.take(name, async () => {
      const { head } = await this.get(name);
      if (etag !== undefined && !matchesEtag(etag, head.text)) throw isStale(name);
      await check();
      return this.#append(name, head, text);
    });
  }

  /** Makes a text of the latest definition, which nobody else changes meanwhile. Undefined leaves it as it is. */
  rewrite(name: string, rewrite: (head: Revision) => Promise<string | undefined>): Promise<Definition | undefined> {
    return this.#turns.take(name, async () => {
      const { head } = await this.get(name);
      const text = await rewrite(head);
      return text === undefined ? undefined : this.#append(name, head, text);
    });
  }

  /** Changes what is known of an environment beside its definition. */
  change(name: string, change: (stored: StoredEnvironment) => EnvironmentDetails): Promise<EnvironmentDetails> {
    return this.#turns.take(name, async () => {
      const details = change(await this.get(name));
      await this.store.writeDetails(name, details);
      return details;
    });
  }

  /**
   * Makes sure that secrets can be kept, before anything is done that must be.
   *
   * @throws ServiceError 400
   */
  async assertEncrypts(name: string): Promise<void> {
    await this.#encrypted(name, 'values: {probe: {fn::secret: probe}}\n', '');
  }

  /** @throws ServiceError 404, 409 for an environment that is protected */
  remove(name: string): Promise<void> {
    return this.#turns.take(name, async () => {
      const { details } = await this.get(name);
      if (details.deletionProtected)
        throw new ServiceError(409, `environment ${name} is protected from deletion: change its settings first`);
      await this.store.remove(name);
    });
  }

  /** @throws ServiceError 404, 409 where there is one of the new name */
  async clone(source: string, name: string, options: CloneOptions): Promise<void> {
    const { details } = await this.get(source);
    const last = await this.revision(source, options.version);
    const kept = options.preservesHistory ? await this.#revisionsUpTo(source, last.number) : [last];
    const revisions = await Promise.all(
      kept.map(async (revision, index) => ({
        ...revision,
        number: index + 1,
        text: await this.#reencrypted(source, name, revision.text),
      })),
    );
    const created = new Date().toISOString();
    const isKept = ({ revision }: { readonly revision: number }): boolean =>
      options.preservesHistory && revision <= last.number;
    await this.#turns.take(name, async () => {
      const isCreated = await this.store.create(
        name,
        {
          ...createDetails(created),
          tags: options.preservesTags ? details.tags : [],
          revisionTags: options.preservesRevisionTags ? details.revisionTags.filter(isKept) : [],
          retractions: details.retractions.filter(isKept),
        },
        revisions,
      );
      if (!isCreated) throw existsAlready(name);
    });
  }

  async #append(name: string, head: Revision, text: string): Promise<Definition> {
    const kept = await this.#encrypted(name, text, head.text);
    const number = head.number + 1;
    const revision = { number, created: new Date().toISOString(), creator: this.user, text: kept };
    if (!(await this.store.append(name, revision))) throw isStale(name);
    return { name, text: kept, revision: number, etag: etagOf(kept) };
  }

  /** Secrets that are the same as before keep their ciphertext, if they can be opened here: encrypting takes no key. */
  #encrypted(name: string, text: string, before: string): Promise<string> {
    const { keeper } = this;
    const encrypter = keeper?.encrypter(name) ?? {
      encrypt(): never {
        throw new Error(
          'this workspace has no encryption for its files, so a secret in plain text is not written to them',
        );
      },
    };
    return rewriting(async () => {
      const opened =
        keeper === undefined || !mayRepeatSecrets(name, text, before)
          ? undefined
          : await decryptSecrets(name, before, keeper.decrypter(name)).catch(() => undefined);
      return opened === undefined
        ? encryptSecrets(name, text, encrypter)
        : reencryptSecrets(name, text, { encrypted: before, decrypted: opened }, encrypter);
    });
  }

  #reencrypted(source: string, name: string, text: string): Promise<string> {
    const { keeper } = this;
    if (keeper === undefined) return Promise.resolve(text);
    return rewriting(async () =>
      encryptSecrets(name, await decryptSecrets(source, text, keeper.decrypter(source)), keeper.encrypter(name)),
    );
  }

  async #revisionsUpTo(name: string, last: number): Promise<Revision[]> {
    const numbers = Array.from({ length: last }, (_, index) => index + 1);
    const revisions = await Promise.all(numbers.map((number) => this.store.readRevision(name, number)));
    return revisions.filter((revision) => revision !== undefined);
  }
}

/** The number of the revision that a version means; undefined where it means none. */
export function numberOf(
  version: string,
  head: Revision,
  { revisionTags }: Pick<EnvironmentDetails, 'revisionTags'>,
): number | undefined {
  if (version === LATEST) return head.number;
  if (!/^\d+$/.test(version)) return revisionTags.find(({ name }) => name === version)?.revision;
  const number = Number(version);
  return number >= 1 && number <= head.number ? number : undefined;
}

export function retractionOf({ retractions }: EnvironmentDetails, number: number): Retraction | undefined {
  return retractions.find(({ revision }) => revision === number);
}

/** Tells whether a text has secrets in plain text that may be those which another has encrypted. */
function mayRepeatSecrets(name: string, text: string, before: string): boolean {
  return findSecretCalls(name, text).calls.some(({ kind }) => kind === 'plaintext') && before.includes('ciphertext');
}

async function rewriting(rewrite: () => Promise<string>): Promise<string> {
  try {
    return await rewrite();
  } catch (error) {
    if (error instanceof UnreadableDocumentError) throw new ServiceError(400, error.message, error.diagnostics);
    if (error instanceof SecretRewriteError) {
      const { message } = error.cause as Error;
      const hint = error.cause instanceof Failure && error.cause.hint !== undefined ? ` (${error.cause.hint})` : '';
      throw new ServiceError(400, `${error.path}: ${message}${hint}`);
    }
    throw error;
  }
}

function isStale(name: string): ServiceError {
  return new ServiceError(
    409,
    `environment ${name} has been changed since: get it again, and apply the change to that`,
  );
}

function existsAlready(name: string): ServiceError {
  return new ServiceError(409, `environment ${name} already exists`);
}
