import { type Provider, type Schema, schemaOfData, toData } from 'esc-eval';

/** What is asked of these is a mapping of texts, one for each request. */
const OF_TEXTS = [
  'aws-secrets',
  'aws-parameter-store',
  'azure-secrets',
  'gcp-secrets',
  '1password-secrets',
  'doppler-secrets',
  'infisical-secrets',
];
const OF_ANYTHING = [
  'aws-login',
  'azure-login',
  'gcp-login',
  'vault-login',
  'vault-secrets',
  'doppler-login',
  'infisical-login',
  'gh-login',
  'snowflake-login',
  'terraform-state',
  'external',
  'oidc',
  'debug-oidc-claims',
];

/** Names of the providers that environments can open, here or in Pulumi Cloud. */
export const PROVIDER_NAMES: readonly string[] = ['pulumi-stacks', ...OF_TEXTS, ...OF_ANYTHING].sort();

const ANY: Schema = { always: true };
const OBJECT: Schema = schemaOfData(toData({ type: 'object', additionalProperties: true }));
const TEXTS: Schema = schemaOfData(toData({ type: 'object', additionalProperties: { type: 'string' } }));

/** What a check has to know of a provider that it does not open: the form of what it gives. */
export function outlineProvider(name: string): Provider | undefined {
  if (givesTexts(name)) return { inputs: ANY, outputs: TEXTS, open: refuseToOpen };
  return OF_ANYTHING.includes(name) ? { inputs: ANY, outputs: OBJECT, open: refuseToOpen } : undefined;
}

/** Tells whether a provider answers each request with a text. */
export function givesTexts(name: string): boolean {
  return OF_TEXTS.includes(name);
}

function refuseToOpen(): never {
  throw new Error('a check opens nothing');
}
