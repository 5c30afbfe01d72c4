/** A stack by its project and name; the organization only where the backend has organizations. */
export interface StackName {
  readonly organization?: string;
  readonly project: string;
  readonly stack: string;
}

/** Do-it-yourself backends call their one organization this. */
const DIY_ORGANIZATION = 'organization';
const REFERENCE = /^(?:([\w.-]{1,100})\/)?([\w.-]{1,100})\/([\w.-]{1,100})$/;

/** The forms in which environments name stacks: `project/stack` and `organization/project/stack`. */
export const STACK_REFERENCE_PATTERN = '^([a-zA-Z0-9_.-]{1,100}\\/)?[a-zA-Z0-9_.-]{1,100}\\/[a-zA-Z0-9_.-]{1,100}$';

/** Reads `project/stack` or `organization/project/stack`; undefined for anything else. */
export function parseStackName(reference: string): StackName | undefined {
  const [, organization, project, stack] = REFERENCE.exec(reference) ?? [];
  if (project === undefined || stack === undefined) return undefined;
  return organization === undefined ? { project, stack } : { organization, project, stack };
}

/** The name that `pulumi --stack` understands in any folder. */
export function qualifyStackName(
  { organization, project, stack }: StackName,
  { isCloud, defaultOrganization }: { readonly isCloud: boolean; readonly defaultOrganization?: string },
): string {
  if (!isCloud) return `${DIY_ORGANIZATION}/${project}/${stack}`;
  const owner = organization ?? defaultOrganization;
  return owner === undefined ? `${project}/${stack}` : `${owner}/${project}/${stack}`;
}

/** `project/stack`, as users write it. */
export function shortStackName({ project, stack }: StackName): string {
  return `${project}/${stack}`;
}
