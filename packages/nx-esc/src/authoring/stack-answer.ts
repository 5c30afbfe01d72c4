import { checkedAnswer, invalidAnswer } from './answers';

/** A stack that an environment or a program is to read. */
export interface StackAnswer {
  /** The key that it gets in the environment. */
  readonly key: string;
  /** Name of the Pulumi project. */
  readonly pulumiProject: string;
  /** The stack; the one of the environment's own name unless given. */
  readonly stack?: string;
}

/**
 * Reads a stack as users name it: `[key=][organization/]project[/stack]`. Two segments are project and stack; the
 * organization is left out, since a stack is one of the environment's own.
 *
 * @throws Failure config/option-invalid
 */
export function parseStackAnswer(answer: string, option = 'stacks'): StackAnswer {
  const [name = '', ...keyed] = answer.split('=').reverse();
  const segments = name.split('/');
  if (segments.length > 3 || keyed.length > 1)
    throw invalidAnswer(option, answer, 'write [key=]project or [key=]project/stack, such as infra or infra/shared');
  const [project = '', stack] = segments.length === 3 ? segments.slice(1) : segments;
  checkedAnswer('stack', option, project);
  if (stack !== undefined) checkedAnswer('stack', option, stack);
  const key = keyed[0] ?? project.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return {
    key: checkedAnswer('key', option, key),
    pulumiProject: project,
    ...(stack !== undefined && { stack }),
  };
}
