import { Failure } from '../failures/failure';

/** A kind of answer that a user gives to a generator: what it may look like, and how that is said. */
interface AnswerKind {
  readonly pattern: RegExp;
  readonly description: string;
}

const KINDS = {
  environment: {
    pattern: /^(?!\.{1,2}$)(?!.*\.local$)[A-Za-z0-9_.-]{1,100}$/,
    description: 'an environment: letters, digits, "-", "_" and "."',
  },
  stack: { pattern: /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/, description: 'a stack: letters, digits, "-", "_" and "."' },
  folder: {
    pattern: /^(?=.{1,200}$)[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/,
    description: 'a folder within the project, such as stack or deploy/stack',
  },
  typescriptFile: {
    pattern: /^(?=.{1,200}$)[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*\.ts$/,
    description: 'a file of the project, such as src/environment.ts',
  },
  key: { pattern: /^(?!fn::)[A-Za-z_][A-Za-z0-9_-]{0,99}$/, description: 'a key: letters, digits, "-" and "_"' },
  variable: {
    pattern: /^[A-Za-z_][A-Za-z0-9_]{0,199}$/,
    description: 'a variable: letters, digits and "_"',
  },
  output: { pattern: /^[A-Za-z_$][A-Za-z0-9_$-]{0,199}$/, description: 'an output of a stack' },
  secretId: {
    pattern: /^(?:arn:aws[\w-]*:secretsmanager:[\w:/+=.@!-]{1,512}|[\w/+=.@!-]{1,512})$/,
    description: 'a name or ARN of Secrets Manager',
  },
  region: { pattern: /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/, description: 'an AWS region such as eu-west-1' },
  domain: {
    pattern: /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
    description: 'a domain such as example.com',
  },
  roleArn: {
    pattern: /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    description: 'the ARN of an IAM role, such as arn:aws:iam::123456789012:role/api-reader',
  },
  branch: {
    pattern: /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/,
    description: 'a branch such as main',
  },
  target: { pattern: /^[A-Za-z0-9][A-Za-z0-9:_-]{0,99}$/, description: 'the name of a target' },
  recipient: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_.@-]{0,99}$/,
    description: 'a name: letters, digits, "-", "_", "." and "@"',
  },
  audience: { pattern: /^[\w.:/@-]{1,255}$/, description: 'an audience such as sts.amazonaws.com' },
  account: { pattern: /^\d{12}$/, description: 'an AWS account: 12 digits' },
  repository: {
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9_.-]{1,100}$/,
    description: 'a repository: owner/name',
  },
  kmsKey: {
    pattern: /^arn:aws[\w-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,64}$/,
    description: 'the ARN of a KMS key',
  },
  bucket: { pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, description: 'an S3 bucket' },
  lifetime: { pattern: /^(?:\d{1,6}[hms]){1,3}$/, description: 'a time such as 2h or 1h30m' },
  organization: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/,
    description: 'an organization: letters, digits, "-" and "_"',
  },
} as const satisfies Record<string, AnswerKind>;

/**
 * Gives back an answer that has the form of its kind: only such texts are written into files.
 *
 * @throws Failure config/option-invalid
 */
export function checkedAnswer(kind: keyof typeof KINDS, option: string, answer: string): string {
  const { pattern, description } = KINDS[kind];
  if (pattern.test(answer)) return answer;
  throw invalidAnswer(option, answer, `write ${description}`);
}

/** The failure of an answer that cannot be taken. */
export function invalidAnswer(option: string, answer: string, hint: string): Failure {
  return new Failure({
    class: 'config',
    code: 'option-invalid',
    message: `--${option}: ${quoted(answer)} cannot be used`,
    hint,
  });
}

/** An answer as a message shows it: with what would reach the terminal escaped, and cut where it is long. */
export function quoted(answer: string): string {
  return JSON.stringify(answer.length > 60 ? `${answer.slice(0, 60)}…` : answer);
}
