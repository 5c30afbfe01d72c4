import { entriesOf, secret } from 'esc-eval';
import { readLogin } from '../aws-login/login';
import { AWS_LOGIN } from '../aws-login/provider';
import { textOf } from '../inputs';
import type { ProviderFactory } from '../provider-context';
import { valuesOrFailure } from '../provider-failure';
import { boolean, mapOf, object, schema, someOf, string } from '../schemas';
import { ParameterFetcher } from './parameter-fetcher';

/** As in Pulumi Cloud, but that `login` may be left out: see readLogin. */
const INPUTS = schema(
  object({
    'region*': string,
    login: AWS_LOGIN,
    'get*': someOf(object({ 'name*': string, decrypt: { ...(boolean as object), default: false } })),
  }),
);

/**
 * `fn::open::aws-parameter-store`: parameters of AWS Systems Manager. A StringList comes as a list; without `decrypt` a
 * SecureString comes encrypted. All of them are secret: what a store of parameters holds is not for logs.
 */
export const createAwsParameterStoreProvider: ProviderFactory = (context) => ({
  inputs: INPUTS,
  outputs: schema(mapOf({ anyOf: [string, { type: 'array', items: string }] })),
  async open(inputs, _execution, { signal }) {
    const entries = entriesOf(entriesOf(inputs).get('get'));
    const references = [...entries].map(([key, entry]) => ({
      key,
      name: textOf(entry, 'name') ?? '',
      isDecrypted: entriesOf(entry).get('decrypt')?.value === true,
    }));
    const login = await readLogin(inputs, context);
    const { services } = context;
    const fetcher = new ParameterFetcher({ region: textOf(inputs, 'region') ?? '', login, services, signal });
    const outcomes = await fetcher.fetch(references);
    const values = valuesOrFailure(outcomes, (key) => entriesOf(entries.get(key)).get('name')?.trace.def);
    return new Map([...values].map(([key, value]) => [key, secret(value)]));
  },
});
