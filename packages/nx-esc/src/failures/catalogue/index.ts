import { CONFIG_FAILURES } from './config';
import { DEPLOY_FAILURES } from './deploy';
import { IDENTITY_FAILURES } from './identity';
import { SECRETS_FAILURES } from './secrets';
import { SECRETS_IN_FILES_FAILURES } from './secrets-in-files';
import { SYNCHRONIZATION_FAILURES } from './synchronization';
import { TOOL_FAILURES } from './tool';

export type { FailureClass, FailureEntry, RetryRule } from './entry';

/**
 * Every code of a failure besides those of the language (docs/diagnostics.md), in the order of the documentation, which
 * `npm run docs` writes from it. A new code is an entry here, and nothing else.
 */
export const FAILURES = {
  ...CONFIG_FAILURES,
  ...SECRETS_IN_FILES_FAILURES,
  ...SYNCHRONIZATION_FAILURES,
  ...IDENTITY_FAILURES,
  ...SECRETS_FAILURES,
  ...TOOL_FAILURES,
  ...DEPLOY_FAILURES,
};

/** A stable, kebab-case code of a failure of our own. */
export type CatalogueCode = keyof typeof FAILURES;
