import { newName } from '../names';
import { ServiceError } from '../service-error';
import {
  ENVIRONMENT,
  ENVIRONMENTS,
  json,
  jsonOf,
  nameIn,
  noContent,
  ORGANIZATION,
  type Route,
  type RouteContext,
  type RouteRequest,
  type RouteResponse,
} from './route';

/** The environments there are: list, create, clone, delete. Which success has a body is what the SDK insists on. */
export const ENVIRONMENT_ROUTES: readonly Route[] = [
  { method: 'GET', path: ENVIRONMENTS, handle: list },
  { method: 'GET', path: ORGANIZATION, handle: list },
  {
    method: 'POST',
    path: ORGANIZATION,
    writes: true,
    async handle(request, { environments }) {
      const { project, name } = jsonOf(request);
      await environments.create(newName(project, name));
      return json({});
    },
  },
  {
    method: 'POST',
    path: `${ENVIRONMENT}/clone`,
    writes: true,
    async handle(request, { environments }) {
      const { project, name, version, ...options } = jsonOf(request);
      const target = newName(project === undefined || project === '' ? request.params.project : project, name);
      await environments.clone(nameIn(request), target, {
        ...((typeof version === 'string' || typeof version === 'number') &&
          version !== '' && { version: String(version) }),
        preservesHistory: options.preserveHistory === true,
        preservesTags: options.preserveEnvironmentTags === true,
        preservesRevisionTags: options.preserveRevisionTags === true,
      });
      return noContent();
    },
  },
  {
    method: 'DELETE',
    path: ENVIRONMENT,
    writes: true,
    async handle(request, { environments }) {
      await environments.remove(nameIn(request));
      return json({});
    },
  },
];

async function list(
  { query }: RouteRequest,
  { environments, organization, pageSize }: RouteContext,
): Promise<RouteResponse> {
  if (query.organization !== undefined && query.organization !== organization)
    return json({ environments: [], nextToken: '' });
  const after = query.continuationToken === undefined ? '' : decodeToken(query.continuationToken);
  const names = (await environments.store.names()).filter((name) => name > after);
  const page = names.slice(0, pageSize);
  const last = page.at(-1);
  const entries = await Promise.all(
    page.map(async (name) => {
      const stored = await environments.store.read(name);
      const [project, environment] = name.split('/');
      if (stored === undefined) return [];
      const { details, head } = stored;
      return [{ organization, project, name: environment, created: details.created, modified: head.created }];
    }),
  );
  return json({
    environments: entries.flat(),
    nextToken: last !== undefined && names.length > page.length ? Buffer.from(last).toString('base64url') : '',
  });
}

function decodeToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(name).toString('base64url') === token) return name;
  throw new ServiceError(400, 'the continuation token is not one of this service');
}
