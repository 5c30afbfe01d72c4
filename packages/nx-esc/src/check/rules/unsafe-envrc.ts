import { envrcOf } from '../checked-workspace';
import type { SourceFile } from '../reading/source-file';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

const OPENS = /\b(?:(?:nx-)?esc|pulumi\s+env)\s+(?:env\s+)?open\b/;
/** Writers other than ours put values between double quotes, where a shell still runs `$(…)`. */
const OPENS_WITH_OTHERS = /(?<!nx-)\besc\s+(?:env\s+)?open\b|\bpulumi\s+env\s+open\b/;

interface Danger {
  readonly pattern: RegExp;
  readonly message: string;
  readonly hint: string;
}

const IN_OPENING: readonly Danger[] = [
  {
    pattern: /(?:(?<![0-9&])>{1,2}|\btee\s+(?:-a\s+)?)\s*(?!&|\/dev\/null)["']?[^\s"'|;)&]+/,
    message: 'what an environment holds is written to a file that others may read',
    hint: 'keep it in a variable: opened="$(nx-esc open … --format shell)"',
  },
  {
    pattern: /2>\s*&1|&>/,
    message: 'messages of errors are mixed into what is evaluated',
    hint: 'leave standard error on the terminal',
  },
];
const EVALUATED: Danger = {
  pattern: /\beval\b/,
  message: 'values with $(…) or backticks are run by this eval',
  hint: 'use nx-esc open … --format shell: it quotes every value so that nothing in it is run',
};
const SOURCED: Danger = {
  pattern:
    /(?:^|[;&|]|\bthen\b|\bdo\b)\s*(?:(?:source|\.|source_env|dotenv)\s+["']?|eval\b.*?)(?:\/tmp\/|\/var\/tmp\/|\$\{?TMPDIR\b)/,
  message: 'what is run comes from a folder that everyone may write to',
  hint: 'take values from a variable of this script instead',
};

export const unsafeEnvrc: Rule = {
  code: 'unsafe-envrc',
  severity: 'error',
  summary: 'An `.envrc` shows secrets to others, or runs what a value says.',
  checkProject({ files, workspace }) {
    const source = files.root === '.' ? undefined : workspace.source(envrcOf(files.root));
    return source === undefined ? [] : findIn(source);
  },
  checkWorkspace(workspace) {
    const source = workspace.source(envrcOf('.'));
    return source === undefined ? [] : findIn(source);
  },
};

function findIn(source: SourceFile): Finding[] {
  let start = 0;
  return source.text.split('\n').flatMap((line) => {
    const lineStart = start;
    start += line.length + 1;
    const code = line.replace(/(^|\s)#.*$/, '$1');
    const dangers = [
      ...(OPENS.test(code) ? IN_OPENING : []),
      ...(OPENS_WITH_OTHERS.test(code) ||
      (OPENS.test(code) && /(?:-f|--format)[=\s]+(?:dotenv|string|json|yaml)\b/.test(code))
        ? [EVALUATED]
        : []),
      SOURCED,
    ];
    return dangers.flatMap(({ pattern, message, hint }): Finding[] => {
      const match = pattern.exec(code);
      if (match === null) return [];
      const at = lineStart + match.index + (match[0].length - match[0].trimStart().length);
      return [{ place: source.placeAt(at, lineStart + match.index + match[0].length), message, hint }];
    });
  });
}
