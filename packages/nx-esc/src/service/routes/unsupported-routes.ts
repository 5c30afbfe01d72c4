import { ServiceError } from '../service-error';
import { ENVIRONMENT, type Route } from './route';

const CLOUD_ONLY: readonly (readonly [Route['method'], string, string])[] = [
  ['POST', `${ENVIRONMENT}/drafts`, 'drafts and their approval'],
  ['GET', `${ENVIRONMENT}/drafts/:draft`, 'drafts and their approval'],
  ['PATCH', `${ENVIRONMENT}/drafts/:draft`, 'drafts and their approval'],
  ['POST', `${ENVIRONMENT}/drafts/:draft/open`, 'drafts and their approval'],
  ['POST', `${ENVIRONMENT}/open/request`, 'requests for access'],
  ['GET', `${ENVIRONMENT}/hooks`, 'webhooks'],
  ['POST', `${ENVIRONMENT}/hooks`, 'webhooks'],
  ['GET', `${ENVIRONMENT}/schedules`, 'scheduled rotations'],
];

/**
 * What needs people, or a clock that goes on without the service; clients show why it is not there. What they would ask
 * again after a 501 is not found.
 */
export const UNSUPPORTED_ROUTES: readonly Route[] = CLOUD_ONLY.map(([method, path, what]) => ({
  method,
  path,
  handle(): never {
    throw new ServiceError(method === 'GET' ? 404 : 501, `nx-esc serve has no ${what}: that takes Pulumi Cloud`);
  },
}));
