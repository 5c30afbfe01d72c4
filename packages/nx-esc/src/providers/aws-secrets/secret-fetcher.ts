import type {
  GetSecretValueCommandInput,
  SecretsManagerClient,
  SecretValueEntry,
} from '@aws-sdk/client-secrets-manager';
import { isDenied } from '../../aws/aws-failure';
import { type AwsContext, callAws, clientOptions, createServiceError } from '../../aws/aws-sdk';
import { mapBounded } from '../../network/map-bounded';
import type { Login } from '../aws-login/login';
import type { ProviderServices } from '../provider-context';
import type { KeyedOutcome } from '../provider-failure';
import { failureOfSecret, SecretEmpty } from './secret-failure';
import type { SecretReference } from './secret-reference';

export interface SecretFetcherOptions {
  readonly region: string;
  readonly login: Login;
  readonly services: ProviderServices;
  readonly signal: AbortSignal;
}

/** What BatchGetSecretValue takes at a time. */
const BATCH = 20;
const SIDE_BY_SIDE = 8;

type Answer = { readonly value: string } | { readonly error: unknown };

/**
 * Fetches secrets with few requests: those without a version twenty at a time, the others one by one, side by side. A
 * role that may not ask for batches asks one by one.
 */
export class SecretFetcher {
  #client: Promise<SecretsManagerClient> | undefined;

  constructor(readonly options: SecretFetcherOptions) {}

  async fetch(references: readonly SecretReference[]): Promise<Map<string, KeyedOutcome<string>>> {
    const { region, login } = this.options;
    const unversioned = [...new Set(references.filter(isUnversioned).map(({ secretId }) => secretId))];
    const batches = this.#startBatches(unversioned);
    const outcomes = await mapBounded(references, SIDE_BY_SIDE, async (reference) => {
      const answer = await this.#answerFor(reference, batches);
      const outcome: KeyedOutcome<string> =
        'value' in answer ? answer : { failure: failureOfSecret(answer.error, { reference, region, who: login.who }) };
      return [reference.key, outcome] as const;
    });
    return new Map(outcomes);
  }

  /** Asks for what this run has not fetched yet, in batches; a secret by itself needs none. */
  #startBatches(secretIds: readonly string[]): ReadonlyMap<string, () => Promise<Answer | undefined>> {
    const batches = new Map<string, () => Promise<Answer | undefined>>();
    if (secretIds.length < 2) return batches;
    for (let start = 0; start < secretIds.length; start += BATCH) {
      const ids = secretIds.slice(start, start + BATCH);
      let running: Promise<ReadonlyMap<string, Answer>> | undefined;
      // Begun by the first of its secrets that is not there yet.
      for (const id of ids) batches.set(id, async () => (await (running ??= this.#fetchBatch(ids))).get(id));
    }
    return batches;
  }

  async #answerFor(
    reference: SecretReference,
    batches: ReadonlyMap<string, () => Promise<Answer | undefined>>,
  ): Promise<Answer> {
    const { region, login, services } = this.options;
    const { secretId, versionId, versionStage } = reference;
    const key = ['aws-secrets', login.credentials.accessKeyId, region, secretId, versionId, versionStage];
    try {
      const value = await services.fetched.get(key, async () => {
        const batched = isUnversioned(reference) ? await batches.get(secretId)?.() : undefined;
        const answer = batched ?? (await this.#fetchOne(reference));
        if ('value' in answer) return answer.value;
        throw new FetchError(answer.error);
      });
      return { value };
    } catch (error) {
      if (error instanceof FetchError) return { error: error.reason };
      throw error;
    }
  }

  async #fetchBatch(secretIds: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
    const answers = new Map<string, Answer>();
    try {
      const { BatchGetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
      const client = await this.#secretsManager();
      let NextToken: string | undefined;
      do {
        const input = { SecretIdList: [...secretIds], ...(NextToken !== undefined && { NextToken }) };
        const page = await callAws(this.#context, (abortSignal) =>
          client.send(new BatchGetSecretValueCommand(input), { abortSignal }),
        );
        for (const entry of page.SecretValues ?? []) {
          const value = textOfSecret(entry);
          for (const id of secretIds.filter((candidate) => isNamed(entry, candidate)))
            answers.set(id, value === undefined ? { error: new SecretEmpty() } : { value });
        }
        for (const { SecretId, ErrorCode = '', Message = '' } of page.Errors ?? []) {
          if (SecretId !== undefined) answers.set(SecretId, { error: createServiceError(ErrorCode, Message) });
        }
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
    } catch (error) {
      // Nothing is lost but the batch: each secret is asked for by itself.
      if (isDenied(error)) return new Map();
      for (const id of secretIds) answers.set(id, { error });
    }
    return answers;
  }

  async #fetchOne({ secretId, versionId, versionStage }: SecretReference): Promise<Answer> {
    try {
      const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
      const client = await this.#secretsManager();
      const input: GetSecretValueCommandInput = {
        SecretId: secretId,
        ...(versionId !== undefined && { VersionId: versionId }),
        ...(versionStage !== undefined && { VersionStage: versionStage }),
      };
      const answer = await callAws(this.#context, (abortSignal) =>
        client.send(new GetSecretValueCommand(input), { abortSignal }),
      );
      const value = textOfSecret(answer);
      return value === undefined ? { error: new SecretEmpty() } : { value };
    } catch (error) {
      this.options.signal.throwIfAborted();
      return { error };
    }
  }

  get #context(): AwsContext {
    const { services, signal } = this.options;
    return { env: services.env, timeLimit: services.timeLimit, signal };
  }

  #secretsManager(): Promise<SecretsManagerClient> {
    this.#client ??= this.#createClient();
    return this.#client;
  }

  async #createClient(): Promise<SecretsManagerClient> {
    const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
    const { region, login } = this.options;
    return new SecretsManagerClient({ ...clientOptions(this.#context, region), credentials: login.credentials });
  }
}

class FetchError extends Error {
  constructor(readonly reason: unknown) {
    super('a secret cannot be fetched');
  }
}

function isUnversioned({ versionId, versionStage }: SecretReference): boolean {
  return versionId === undefined && versionStage === undefined;
}

/** An ARN may be written without the six characters that AWS adds. */
function isNamed({ Name, ARN }: SecretValueEntry, secretId: string): boolean {
  return Name === secretId || ARN === secretId || (secretId.startsWith('arn:') && ARN?.slice(0, -7) === secretId);
}

function textOfSecret({ SecretString, SecretBinary }: SecretValueEntry): string | undefined {
  if (SecretString !== undefined) return SecretString;
  return SecretBinary === undefined ? undefined : Buffer.from(SecretBinary).toString('base64');
}
