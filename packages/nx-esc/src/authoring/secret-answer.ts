import { checkedAnswer, invalidAnswer } from './answers';
import { variableNameOf } from './variable-name';

/** A secret of AWS Secrets Manager that environments are to read. */
export interface SecretAnswer {
  readonly key: string;
  /** `{environment}` in it stands for the name of the environment. */
  readonly secretId: string;
  /** Fields of a secret that is a JSON object; none for a secret that is a text. */
  readonly fields: readonly string[];
}

const PLACEHOLDER = '{environment}';
/** Keys of `values` that generated environments use for other things. */
const TAKEN = new Set([
  'aws',
  'domain',
  'environmentVariables',
  'files',
  'infra',
  'port',
  'pulumiConfig',
  'secrets',
  'urls',
  'context',
  'environments',
  'imports',
]);

/**
 * Reads a secret as users name it: `key[=secretId][#field,field]`. Without an id it is `<project>/{environment}/<key>`.
 *
 * @throws Failure config/option-invalid
 */
export function parseSecretAnswer(answer: string, escProject: string): SecretAnswer {
  const [named = '', fields, ...rest] = answer.split('#');
  if (rest.length > 0 || fields === '')
    throw invalidAnswer('secrets', answer, 'write key[=secretId][#field,field], such as database=app/prod/db#url');
  const split = named.indexOf('=');
  const key = checkedAnswer('key', 'secrets', split < 0 ? named : named.slice(0, split));
  if (fields !== undefined && TAKEN.has(key))
    throw invalidAnswer('secrets', answer, `"${key}" has a meaning of its own in an environment: choose another key`);
  const secretId = split < 0 ? `${escProject}/${PLACEHOLDER}/${key}` : named.slice(split + 1);
  checkedAnswer('secretId', 'secrets', secretId.replaceAll(PLACEHOLDER, 'environment'));
  return {
    key,
    secretId,
    fields: fields === undefined ? [] : fields.split(',').map((field) => checkedAnswer('key', 'secrets', field)),
  };
}

/** The id of a secret in one environment. */
export function secretIdIn({ secretId }: SecretAnswer, environment: string): string {
  return secretId.replaceAll(PLACEHOLDER, environment);
}

/** The variables that are made of a secret, with the property that each is. */
export function secretVariables({ key, fields }: SecretAnswer, secretsKey: string): [name: string, property: string][] {
  if (fields.length === 0) return [[variableNameOf(key), `${secretsKey}.${key}`]];
  return fields.map((field) => [variableNameOf(`${key}_${field}`), `${key}.${field}`]);
}
