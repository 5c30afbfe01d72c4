import { DEFINITION_ROUTES } from './definition-routes';
import { ENVIRONMENT_ROUTES } from './environment-routes';
import { ENVIRONMENT_TAG_ROUTES } from './environment-tag-routes';
import { OPEN_ROUTES } from './open-routes';
import { PROVIDER_ROUTES } from './provider-routes';
import { REFERRER_ROUTES } from './referrer-routes';
import { REVISION_ROUTES } from './revision-routes';
import { REVISION_TAG_ROUTES } from './revision-tag-routes';
import { ROTATION_ROUTES } from './rotation-routes';
import type { Route } from './route';
import { SETTINGS_ROUTES } from './settings-routes';
import { UNSUPPORTED_ROUTES } from './unsupported-routes';
import { USER_ROUTES } from './user-routes';

/** Every route of the service. */
export const ROUTES: readonly Route[] = [
  ...USER_ROUTES,
  ...ENVIRONMENT_ROUTES,
  ...DEFINITION_ROUTES,
  ...OPEN_ROUTES,
  ...ROTATION_ROUTES,
  ...REVISION_ROUTES,
  ...REVISION_TAG_ROUTES,
  ...ENVIRONMENT_TAG_ROUTES,
  ...SETTINGS_ROUTES,
  ...REFERRER_ROUTES,
  ...PROVIDER_ROUTES,
  ...UNSUPPORTED_ROUTES,
];
