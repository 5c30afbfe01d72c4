import { entriesOf, secret } from 'esc-eval';
import { AWS_LOGIN } from '../aws-login/provider';
import { readLogin } from '../aws-login/login';
import { textOf } from '../inputs';
import type { ProviderFactory } from '../provider-context';
import { type KeyedOutcome, valuesOrFailure } from '../provider-failure';
import { mapOf, object, schema, someOf, string } from '../schemas';
import { SecretFetcher } from './secret-fetcher';
import type { SecretReference } from './secret-reference';

/** As in Pulumi Cloud, but that `login` may be left out: see readLogin. */
const INPUTS = schema(
  object({
    'region*': string,
    login: AWS_LOGIN,
    'get*': someOf(object({ 'secretId*': string, versionId: string, versionStage: string })),
  }),
);

/** `fn::open::aws-secrets`: secrets of AWS Secrets Manager. A binary one comes as base64 text. */
export const createAwsSecretsProvider: ProviderFactory = (context) => ({
  inputs: INPUTS,
  outputs: schema(mapOf(string)),
  async open(inputs, _execution, { signal }) {
    const entries = entriesOf(entriesOf(inputs).get('get'));
    const references = new Map<string, SecretReference>();
    for (const [key, entry] of entries) {
      const versionId = textOf(entry, 'versionId');
      const versionStage = textOf(entry, 'versionStage');
      references.set(key, {
        key,
        secretId: textOf(entry, 'secretId') ?? '',
        ...(versionId && { versionId }),
        ...(versionStage && { versionStage }),
      });
    }
    const login = await readLogin(inputs, context);
    const { services } = context;
    const fetcher = new SecretFetcher({ region: textOf(inputs, 'region') ?? '', login, services, signal });
    const outcomes: ReadonlyMap<string, KeyedOutcome<string>> = await fetcher.fetch([...references.values()]);
    const values = valuesOrFailure(outcomes, (key) => entriesOf(entries.get(key)).get('secretId')?.trace.def);
    return new Map([...values].map(([key, value]) => [key, secret(value)]));
  },
});
