import { type Data, dataOfSchema, type Provider, type Rotator, type Schema } from 'esc-eval';
import { notFound } from '../service-error';
import { dataResponse, json, type Route, type RouteResponse } from './route';

/** Providers and rotators of ESC; the service answers with those that it has. */
const PROVIDERS = [
  '1password-secrets',
  'aws-login',
  'aws-parameter-store',
  'aws-secrets',
  'azure-login',
  'azure-secrets',
  'gcp-login',
  'gcp-secrets',
  'pulumi-stacks',
  'vault-login',
  'vault-secrets',
];
const ROTATORS = ['aws-iam', 'mysql', 'passwords', 'postgres', 'snowflake-user'];

/** Which providers there are and what they take, for editors. */
export const PROVIDER_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/esc/providers',
    async handle({ signal }, context) {
      return json({ providers: await available(PROVIDERS, (name) => context.evaluator.provider(name, signal)) });
    },
  },
  {
    method: 'GET',
    path: '/api/esc/providers/:name/schema',
    handle: ({ params, signal }, context) =>
      schema(params.name, (name) => context.evaluator.provider(name, signal), ['inputs', 'outputs']),
  },
  {
    method: 'GET',
    path: '/api/esc/rotators',
    async handle({ signal }, context) {
      return json({ rotators: await available(ROTATORS, (name) => context.evaluator.rotator(name, signal)) });
    },
  },
  {
    method: 'GET',
    path: '/api/esc/rotators/:name/schema',
    handle: ({ params, signal }, context) =>
      schema(params.name, (name) => context.evaluator.rotator(name, signal), ['inputs', 'state', 'outputs']),
  },
];

type Part = 'inputs' | 'state' | 'outputs';

async function available(names: readonly string[], load: (name: string) => Promise<unknown>): Promise<string[]> {
  const loaded = await Promise.allSettled(names.map(load));
  return names.filter((_, index) => loaded[index]?.status === 'fulfilled');
}

async function schema(
  name = '',
  load: (name: string) => Promise<Provider | Rotator>,
  parts: readonly Part[],
): Promise<RouteResponse> {
  const loaded = await load(name).catch(() => undefined);
  if (loaded === undefined) throw notFound(name);
  const schemas = loaded as unknown as Readonly<Record<Part, Schema>>;
  const entries = parts.map((part): [string, Data] => [part, dataOfSchema(schemas[part])]);
  return dataResponse(new Map<string, Data>([['name', name], ...entries]));
}
