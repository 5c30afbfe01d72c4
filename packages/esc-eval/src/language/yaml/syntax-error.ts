import type { Mark } from './reader';

/**
 * A text that is no YAML. The message, which is part of the language, is go-yaml's: it counts the lines of a parser's
 * error from 0 and leaves line 0 out; of a scanner's from 1.
 */
export class YamlSyntaxError extends Error {
  constructor(
    readonly by: 'scanner' | 'parser',
    problem: string,
    /** Where the problem was met. */
    readonly mark: Mark,
    /** Where the construct that was being read begins, if go-yaml names one. */
    context?: Mark,
  ) {
    super(messageOf(by, problem, [context?.line, mark.line].find((line) => line !== undefined && line !== 0) ?? 0));
  }
}

function messageOf(by: 'scanner' | 'parser', problem: string, line: number): string {
  return line === 0 ? `yaml: ${problem}` : `yaml: line ${by === 'scanner' ? line + 1 : line}: ${problem}`;
}
