import type { StackAnswer } from './stack-answer';

export interface StackReferenceRequest extends StackAnswer {
  /** Names of the outputs that are known; any name is taken where none is. */
  readonly outputs: readonly string[];
}

/**
 * A module that reads the outputs of another stack; a name that it does not have is an error of the compiler. The run says
 * what the organization is: state that is no Pulumi Cloud's takes no name but its own.
 */
export function stackReferenceText({ key, pulumiProject, stack, outputs }: StackReferenceRequest): string {
  const type = typeNameOf(key);
  const names = outputs.length === 0 ? 'string' : outputs.map((name) => `'${name}'`).join(' | ');
  const imported = ['getOrganization', ...(stack === undefined ? ['getStack'] : []), 'StackReference'];
  const name = `\${getOrganization()}/${pulumiProject}/${stack ?? '${getStack()}'}`;
  return `import { ${imported.join(', ')}, type Output } from '@pulumi/pulumi';

/** The outputs of the stack ${pulumiProject}. */
export type ${type}Output = ${names};

const reference = new StackReference(\`${name}\`);

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
