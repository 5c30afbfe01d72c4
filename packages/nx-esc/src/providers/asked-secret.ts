import { entriesOf, type Origin } from 'esc-eval';

/** The property by which a provider's requests name what they ask for. */
const ID_PROPERTIES: Readonly<Record<string, string>> = { 'aws-secrets': 'secretId', 'aws-parameter-store': 'name' };

/** A call of a provider asks for each part of its answer by a key of its inputs. */
export function requestsOf({ provider }: Pick<Origin, 'provider'>): ReturnType<typeof entriesOf> {
  return entriesOf(entriesOf(provider?.inputs).get(provider?.name === 'pulumi-stacks' ? 'stacks' : 'get'));
}

/** The name, in the store of a provider, of the secret that a value is; undefined where it has none, or a secret one. */
export function secretIdOf(origin: Pick<Origin, 'provider' | 'part'>): string | undefined {
  const [key] = origin.part;
  const idProperty = ID_PROPERTIES[origin.provider?.name ?? ''];
  if (key === undefined || idProperty === undefined) return undefined;
  const id = entriesOf(requestsOf(origin).get(String(key))).get(idProperty);
  return typeof id?.value === 'string' && id.secret !== true ? id.value : undefined;
}
