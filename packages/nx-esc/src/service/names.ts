import { ServiceError } from './service-error';

/** A name that begins with a dot would be hidden where it is a file. */
const NAME = /^(?!\.)[A-Za-z0-9_.-]{1,100}$/;
/** Names that would collide with the paths of the API. */
const RESERVED = ['open', 'yaml'];
/** A revision tag that looks like a number could not be told from a revision. */
const REVISION_TAG = /^(?!\d+$)[A-Za-z0-9_.-]{1,100}$/;
const ENVIRONMENT_TAG = /^[A-Za-z0-9_.:/-]{1,100}$/;

/** Joins an environment's name; undefined for names that no environment can have, which therefore are not found. */
export function joinName(project: string, environment: string): string | undefined {
  if (!NAME.test(project) || !NAME.test(environment)) return undefined;
  if (RESERVED.includes(project) || RESERVED.includes(environment)) return undefined;
  return `${project}/${environment}`;
}

/** Checks the name of an environment that is to be created. */
export function newName(project: unknown, environment: unknown): string {
  const name =
    typeof project === 'string' && typeof environment === 'string' ? joinName(project, environment) : undefined;
  if (name !== undefined) return name;
  throw new ServiceError(
    400,
    'project and environment names have 1 to 100 letters, digits, "-", "_" and ".", not first; "open" and "yaml" are reserved',
  );
}

export function checkRevisionTag(name: unknown): string {
  if (typeof name === 'string' && REVISION_TAG.test(name) && name !== 'latest') return name;
  throw new ServiceError(400, 'a tagged version needs a name that is no number and not "latest"');
}

export function checkEnvironmentTag(name: unknown): string {
  if (typeof name === 'string' && ENVIRONMENT_TAG.test(name)) return name;
  throw new ServiceError(400, 'a tag needs a name of 1 to 100 letters, digits, "-", "_", ".", ":" and "/"');
}
