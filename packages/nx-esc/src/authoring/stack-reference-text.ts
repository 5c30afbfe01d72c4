import type { StackAnswer } from './stack-answer';

export interface StackReferenceRequest extends StackAnswer {
  readonly organization?: string;
  /** Names of the outputs that are known; any name is taken where none is. */
  readonly outputs: readonly string[];
}

/** A module that reads the outputs of another stack; a name that it does not have is an error of the compiler. */
export function stackReferenceText({
  key,
  pulumiProject,
  stack,
  organization,
  outputs,
}: StackReferenceRequest): string {
  const type = typeNameOf(key);
  const names = outputs.length === 0 ? 'string' : outputs.map((name) => `'${name}'`).join(' | ');
  const owner = organization ?? '${getOrganization()}';
  const imported = ['getStack', 'StackReference', ...(organization === undefined ? ['getOrganization'] : [])]
    .filter((name) => stack === undefined || name !== 'getStack')
    .sort((a, b) => a.localeCompare(b));
  const name = `${owner}/${pulumiProject}/${stack ?? '${getStack()}'}`;
  const literal = name.includes('${') ? `\`${name}\`` : `'${name}'`;
  return `import { ${imported.join(', ')}, type Output } from '@pulumi/pulumi';

/** The outputs of the stack ${pulumiProject}. */
export type ${type}Output = ${names};

const reference = new StackReference(${literal});

/** An output of the stack; the deployment fails if the stack does not have it. */
export function ${type[0]?.toLowerCase()}${type.slice(1)}Output<T = string>(name: ${type}Output): Output<T> {
  return reference.requireOutput(name) as Output<T>;
}
`;
}

function typeNameOf(key: string): string {
  const name = key
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .map((part) => `${part[0]?.toUpperCase()}${part.slice(1)}`)
    .join('');
  return name === '' ? 'Stack' : name;
}
