import { type Definition, type Environments } from '../environments';
import { refuseErrors } from '../evaluator';
import {
  diagnosticsPart,
  ENVIRONMENT,
  json,
  nameIn,
  type Route,
  type RouteRequest,
  type RouteResponse,
  textOf,
  VERSION,
} from './route';

/** The definitions of environments: get, decrypt, update. */
export const DEFINITION_ROUTES: readonly Route[] = [
  ...[ENVIRONMENT, VERSION].flatMap((path): Route[] => [
    {
      method: 'GET',
      path,
      async handle(request, { environments }) {
        const definition = await definitionIn(request, environments);
        return yaml(definition, definition.text);
      },
    },
    {
      method: 'GET',
      path: `${path}/decrypt`,
      async handle(request, { environments }) {
        const definition = await definitionIn(request, environments);
        return yaml(definition, await environments.decrypted(definition));
      },
    },
  ]),
  {
    method: 'HEAD',
    path: ENVIRONMENT,
    async handle(request, { environments }) {
      return { status: 200, headers: headersOf(await definitionIn(request, environments)) };
    },
  },
  {
    method: 'PATCH',
    path: ENVIRONMENT,
    writes: true,
    async handle(request, { environments, evaluator }) {
      const name = nameIn(request);
      const text = textOf(request);
      const etag = request.headers.etag ?? request.headers['if-match'];
      const { diagnostics } = await evaluator.check({ name, text }, request.signal);
      const updated = await environments.update(name, { text, ...(etag !== undefined && { etag }) }, async () =>
        refuseErrors(diagnostics, `updating ${name}`),
      );
      return json(diagnosticsPart(diagnostics), 200, headersOf(updated));
    },
  },
];

function definitionIn(request: RouteRequest, environments: Environments): Promise<Definition> {
  return environments.definition(nameIn(request), request.params.version);
}

/** The type keeps clients from taking a definition that is JSON, too, for an object. */
function yaml(definition: Definition, body: string): RouteResponse {
  return { status: 200, type: 'application/x-yaml', headers: headersOf(definition), body };
}

function headersOf({ etag, revision }: Definition): Readonly<Record<string, string>> {
  return { etag, 'pulumi-esc-revision': String(revision) };
}
