/** An environment's name in its parts: `[organization/][project/]environment[@version]`. */
export interface EnvironmentName {
  readonly organization?: string;
  /** Undefined for an unqualified name. */
  readonly project?: string;
  readonly environment: string;
  readonly version?: string;
}

const PART = /^[A-Za-z0-9_.-]{1,100}$/;

/** Reads the name of an environment; undefined for what is none (Pulumi's name rules, and `..` never). */
export function parseEnvironmentName(text: string): EnvironmentName | undefined {
  const [path = '', version, ...rest] = text.split(/[@:]/);
  if (rest.length > 0) return undefined;
  const parts = path.split('/');
  if (parts.length > 3 || !parts.every((part) => PART.test(part) && part !== '.' && part !== '..')) return undefined;
  const environment = parts.at(-1) as string;
  const project = parts.at(-2);
  const organization = parts.at(-3);
  return {
    environment,
    ...(project !== undefined && { project }),
    ...(organization !== undefined && { organization }),
    ...(version !== undefined && { version }),
  };
}
