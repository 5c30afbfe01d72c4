import { Failure } from '../../failures/failure';
import { readEnvironmentName } from './read-environment-name';

/** The environments of the workspace's files. */
export interface EnvironmentIndex {
  /** The file of `project/environment`; undefined if there is none. */
  fileOf(name: string): string | undefined;
  /** Every `project/environment`, sorted. */
  names(): readonly string[];
}

/** The project of environments that are named without one. */
const DEFAULT_PROJECT = 'default';

export interface ResolvedEnvironment {
  /** `project/environment` */
  readonly name: string;
  readonly file: string;
  /** What to write instead of a name that works here, but means something else in Pulumi Cloud. */
  readonly writeInstead?: string;
}

/**
 * Finds the file of an environment by the name that someone wrote. An unqualified name means `default/<name>`, as in
 * Pulumi Cloud; where there is no such environment, a sibling of the environment that names it is taken.
 *
 * @throws Failure config/environment-not-found, config/invalid-env-name
 */
export function resolveEnvironment(
  written: string,
  index: EnvironmentIndex,
  { organization, importer }: { readonly organization?: string; readonly importer?: string },
): ResolvedEnvironment {
  const parsed = readEnvironmentName(written, 'project/environment');
  const isForeign =
    parsed.organization !== undefined && organization !== undefined && parsed.organization !== organization;
  const project = parsed.project ?? DEFAULT_PROJECT;
  const name = `${project}/${parsed.environment}`;
  const file = isForeign ? undefined : index.fileOf(name);
  if (file !== undefined) return { name, file };
  const sibling = parsed.project === undefined ? siblingOf(importer, parsed.environment) : undefined;
  const siblingFile = sibling === undefined ? undefined : index.fileOf(sibling);
  if (sibling !== undefined && siblingFile !== undefined)
    return { name: sibling, file: siblingFile, writeInstead: sibling };
  throw notFound(written, name, index);
}

function siblingOf(importer: string | undefined, environment: string): string | undefined {
  const project = importer?.split('/').at(-2);
  return project === undefined ? undefined : `${project}/${environment}`;
}

function notFound(written: string, name: string, index: EnvironmentIndex): Failure {
  const names = index.names();
  const [project] = name.split('/');
  const siblings = names.filter((candidate) => candidate.startsWith(`${project}/`));
  const listed = siblings.length > 0 ? siblings : names;
  return new Failure({
    class: 'config',
    code: 'environment-not-found',
    message: `there is no environment ${JSON.stringify(written)}`,
    hint: listed.length === 0 ? 'add one: esc/<name>.yaml in a project' : `there are: ${listed.join(', ')}`,
  });
}
