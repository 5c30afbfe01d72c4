import { ServiceError } from '../service-error';
import { ENVIRONMENT, json, jsonOf, nameIn, type Route } from './route';

const SETTINGS = `${ENVIRONMENT}/settings`;

/** Settings of environments: whether they are protected from deletion. */
export const SETTINGS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: SETTINGS,
    async handle(request, { environments }) {
      const { deletionProtected } = (await environments.get(nameIn(request))).details;
      return json({ deletionProtected });
    },
  },
  {
    method: 'PATCH',
    path: SETTINGS,
    writes: true,
    async handle(request, { environments }) {
      const { deletionProtected } = jsonOf(request);
      if (deletionProtected !== undefined && typeof deletionProtected !== 'boolean')
        throw new ServiceError(400, 'deletionProtected is true or false');
      const details = await environments.change(nameIn(request), (stored) => ({
        ...stored.details,
        ...(deletionProtected !== undefined && { deletionProtected }),
      }));
      return json({ deletionProtected: details.deletionProtected });
    },
  },
];
