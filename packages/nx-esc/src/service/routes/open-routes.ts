import {
  type Data,
  hasErrors,
  parsePropertyPath,
  type PathSegment,
  PropertyPathError,
  readJson,
  toData,
  writeJson,
} from 'esc-eval';
import { readDuration } from '../duration';
import type { EvaluatedText } from '../evaluator';
import { notFound, ServiceError } from '../service-error';
import {
  dataResponse,
  diagnosticsPart,
  ENVIRONMENT,
  environmentJson,
  json,
  nameIn,
  ORGANIZATION,
  type Route,
  type RouteContext,
  type RouteRequest,
  type RouteResponse,
  textOf,
  VERSION,
} from './route';

/** Sessions of documents without a name are owned by this, which no environment is called. */
const ANONYMOUS = '';

/** Checking documents; opening environments and documents, and reading what was opened. */
export const OPEN_ROUTES: readonly Route[] = [
  ...[ENVIRONMENT, VERSION].map((path): Route => ({
    method: 'POST',
    path: `${path}/open`,
    async handle(request, context) {
      const { name, text } = await context.environments.definition(nameIn(request), request.params.version);
      return open(request, context, name, { name, text });
    },
  })),
  {
    method: 'GET',
    path: `${ENVIRONMENT}/open/:session`,
    handle: (request, context) => read(request, context, nameIn(request)),
  },
  {
    method: 'POST',
    path: `${ORGANIZATION}/yaml/open`,
    handle: (request, context) =>
      open(request, context, ANONYMOUS, {
        text: textOf(request),
        overrides: readOverrides(request.query.environmentOverrides),
      }),
  },
  {
    method: 'GET',
    path: `${ORGANIZATION}/yaml/open/:session`,
    handle: (request, context) => read(request, context, ANONYMOUS),
  },
  {
    method: 'POST',
    path: `${ORGANIZATION}/yaml/check`,
    async handle(request, { evaluator }) {
      const { environment, diagnostics } = await evaluator.check({ text: textOf(request) }, request.signal, {
        showSecrets: request.query.showSecrets === 'true',
      });
      const data = environmentJson(environment, diagnostics);
      if (!hasErrors(diagnostics)) return dataResponse(data);
      const failure = toData({ code: 400, message: 'the environment has errors' }) as typeof data;
      return { ...dataResponse(new Map([...data, ...failure])), status: 400 };
    },
  },
];

async function open(
  { query, signal }: RouteRequest,
  { evaluator, sessions }: RouteContext,
  owner: string,
  text: EvaluatedText,
): Promise<RouteResponse> {
  const lifetime = readDuration(query.duration);
  const { environment, diagnostics } = await evaluator.open(text, signal);
  const id = sessions.add(owner, writeJson(environmentJson(environment)), lifetime);
  return json({ id, ...diagnosticsPart(diagnostics) });
}

function read({ params, query }: RouteRequest, { sessions }: RouteContext, owner: string): RouteResponse {
  const opened = sessions.read(owner, params.session ?? '');
  if (opened === undefined) throw new ServiceError(404, 'there is no such open environment, or its time is over');
  if (query.property === undefined) return { status: 200, type: 'application/json', body: opened };
  const value = valueAt(opened, readPath(query.property));
  if (value === undefined) throw notFound(`property ${query.property}`);
  return dataResponse(value);
}

/** The Value at a path of an Environment of the API. */
function valueAt(environment: string, path: readonly PathSegment[]): Data | undefined {
  const partOf = (data: Data | undefined, key: string | number): Data | undefined => {
    if (Array.isArray(data)) return typeof key === 'number' ? (data as readonly Data[])[key] : undefined;
    return data instanceof Map ? (data as ReadonlyMap<string, Data>).get(String(key)) : undefined;
  };
  let contents = partOf(readJson(environment), 'properties');
  let value: Data | undefined;
  for (const segment of path) {
    value = partOf(contents, segment);
    contents = partOf(value, 'value');
  }
  return value;
}

function readPath(text: string): PathSegment[] {
  try {
    return parsePropertyPath(text);
  } catch (error) {
    if (error instanceof PropertyPathError) throw new ServiceError(400, `${JSON.stringify(text)}: ${error.message}`);
    throw error;
  }
}

/** `--override-env` of the CLI: a map of names in base64url. */
function readOverrides(encoded: string | undefined): ReadonlyMap<string, string> {
  if (encoded === undefined) return new Map();
  try {
    const map = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Record<string, unknown>;
    return new Map(Object.entries(map).map(([from, to]) => [from, String(to)]));
  } catch {
    throw new ServiceError(400, 'environmentOverrides is no map of environments in base64url');
  }
}
