import { json, type Route, type RouteContext } from './route';

/** Who the client is: always the one user of the service, in its one organization. */
export const USER_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/user',
    handle: (_request, { user, organization }) =>
      json({
        id: user,
        githubLogin: user,
        name: user,
        email: '',
        avatarUrl: '',
        organizations: [describe(organization)],
        identities: [],
        tokenInfo: { name: 'nx-esc serve' },
      }),
  },
  {
    method: 'GET',
    path: '/api/user/organizations/default',
    handle: (_request, { organization }) => json({ gitHubLogin: organization }),
  },
];

function describe(organization: RouteContext['organization']): object {
  return { githubLogin: organization, name: organization, avatarUrl: '' };
}
