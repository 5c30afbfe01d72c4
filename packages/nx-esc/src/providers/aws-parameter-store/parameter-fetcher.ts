import type { Parameter, SSMClient } from '@aws-sdk/client-ssm';
import { isDenied } from '../../aws/aws-failure';
import { type AwsContext, callAws, clientOptions } from '../../aws/aws-sdk';
import { mapBounded } from '../../network/map-bounded';
import type { Login } from '../aws-login/login';
import type { ProviderServices } from '../provider-context';
import type { KeyedOutcome } from '../provider-failure';
import { failureOfParameter, ParameterMissing } from './parameter-failure';
import type { ParameterReference } from './parameter-reference';

export interface ParameterFetcherOptions {
  readonly region: string;
  readonly login: Login;
  readonly services: ProviderServices;
  readonly signal: AbortSignal;
}

export type ParameterValue = string | readonly string[];

/** What GetParameters takes at a time. */
const BATCH = 10;
const SIDE_BY_SIDE = 8;

type Answers = ReadonlyMap<string, ParameterValue>;

/** Fetches parameters ten at a time. Where a batch is refused, each of it is asked for by itself, to tell which it was. */
export class ParameterFetcher {
  #client: Promise<SSMClient> | undefined;

  constructor(readonly options: ParameterFetcherOptions) {}

  async fetch(references: readonly ParameterReference[]): Promise<Map<string, KeyedOutcome<ParameterValue>>> {
    const { region, login } = this.options;
    const batches = new Map<string, () => Promise<Answers>>();
    for (const isDecrypted of [false, true]) {
      const names = references.filter((reference) => reference.isDecrypted === isDecrypted).map(({ name }) => name);
      for (const batch of chunk([...new Set(names)], BATCH)) {
        let running: Promise<Answers> | undefined;
        for (const name of batch)
          batches.set(batchKey(name, isDecrypted), () => (running ??= this.#fetchBatch(batch, isDecrypted)));
      }
    }
    const outcomes = await mapBounded(references, SIDE_BY_SIDE, async (reference) => {
      const outcome = await this.#outcomeOf(reference, batches).catch((error: unknown) => {
        this.options.signal.throwIfAborted();
        return { failure: failureOfParameter(error, { reference, region, who: login.who }) };
      });
      return [reference.key, outcome] as const;
    });
    return new Map(outcomes);
  }

  async #outcomeOf(
    { name, isDecrypted }: ParameterReference,
    batches: ReadonlyMap<string, () => Promise<Answers>>,
  ): Promise<{ readonly value: ParameterValue }> {
    const { region, login, services } = this.options;
    const key = ['aws-parameter-store', login.credentials.accessKeyId, region, name, isDecrypted];
    const value = await services.fetched.get(key, async () => {
      const batch = batches.get(batchKey(name, isDecrypted)) as () => Promise<Answers>;
      const answers = await batch().catch((error: unknown) => {
        if (isDenied(error)) return this.#fetchBatch([name], isDecrypted);
        throw error;
      });
      const found = answers.get(name) ?? (await this.#fetchBatch([name], isDecrypted)).get(name);
      if (found === undefined) throw new ParameterMissing();
      return found;
    });
    return { value };
  }

  async #fetchBatch(names: readonly string[], WithDecryption: boolean): Promise<Answers> {
    const { GetParametersCommand } = await import('@aws-sdk/client-ssm');
    const client = await this.#ssm();
    const { Parameters = [] } = await callAws(this.#context, (abortSignal) =>
      client.send(new GetParametersCommand({ Names: [...names], WithDecryption }), { abortSignal }),
    );
    // Asked for by itself, an answer needs no name: some stores leave out the selector.
    const isOnly = names.length === 1;
    const answers = new Map<string, ParameterValue>();
    for (const parameter of Parameters) {
      for (const name of names.filter((candidate) => isOnly || isNamed(parameter, candidate)))
        answers.set(name, valueOf(parameter));
    }
    return answers;
  }

  get #context(): AwsContext {
    const { services, signal } = this.options;
    return { env: services.env, timeLimit: services.timeLimit, signal };
  }

  #ssm(): Promise<SSMClient> {
    this.#client ??= this.#createClient();
    return this.#client;
  }

  async #createClient(): Promise<SSMClient> {
    const { SSMClient } = await import('@aws-sdk/client-ssm');
    const { region, login } = this.options;
    return new SSMClient({ ...clientOptions(this.#context, region), credentials: login.credentials });
  }
}

function batchKey(name: string, isDecrypted: boolean): string {
  return `${isDecrypted} ${name}`;
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}

/** An answer has the name and the selector (`:<version>` or `:<label>`) apart. */
function isNamed({ Name = '', ARN = '', Selector = '' }: Parameter, asked: string): boolean {
  const selector = Selector === '' || Selector.startsWith(':') ? Selector : `:${Selector}`;
  return asked === `${Name}${selector}` || asked === `${ARN}${selector}`;
}

function valueOf({ Value = '', Type }: Parameter): ParameterValue {
  return Type === 'StringList' ? Value.split(',') : Value;
}
