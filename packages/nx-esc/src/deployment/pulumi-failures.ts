import { Failure, type FailureCode } from '../failures/failure';

export interface PulumiOutcome {
  readonly operation: string;
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  /** What pulumi printed, redacted. */
  readonly output: string;
  readonly wasCancelled: boolean;
  readonly stack: string;
  /** Tokens of the job that it did not get. */
  readonly withheld: readonly string[];
}

/** How programs speak of the token of their job. */
const MENTIONS_TOKEN = /oidc|id[-_ ]?token|web identity/i;

/** With what the shell ends that is asked to execute what is none of its programs; pulumi itself does not. */
const NOT_EXECUTED = [126, 127];

interface Rule {
  readonly pattern: RegExp;
  readonly class: 'deploy' | 'tool' | 'secrets' | 'config';
  readonly code: FailureCode;
  readonly message: string;
  readonly hint: (stack: string) => string;
}

/** What pulumi says, in the order in which it decides. */
const RULES: readonly Rule[] = [
  {
    pattern: /the stack is currently locked|\[409\]|Another update is currently in progress/i,
    class: 'deploy',
    code: 'stack-locked',
    message: 'another deployment holds the lock of the stack',
    hint: (stack) => `wait for it; if nothing runs any more, remove the lock: pulumi cancel --stack ${stack}`,
  },
  {
    pattern: /pending operations|interrupted while/i,
    class: 'deploy',
    code: 'pending-operations',
    message: 'an earlier deployment was cut off in the middle of an operation',
    hint: (stack) => `look what became of the resources, then: pulumi refresh --stack ${stack}`,
  },
  {
    pattern: /incorrect passphrase|passphrase must be set|PULUMI_CONFIG_PASSPHRASE/i,
    class: 'secrets',
    code: 'secret-decrypt-failed',
    message: "the stack's secrets cannot be decrypted",
    hint: () => 'set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of the stack',
  },
  {
    pattern: /failed to load language plugin|no language plugin|could not find plugin for language/i,
    class: 'tool',
    code: 'language-host-missing',
    message: "the language host of the program's runtime is not installed",
    hint: () => 'install the official distribution of pulumi: it holds the language hosts',
  },
  {
    pattern: /unknown flag|unknown command/i,
    class: 'tool',
    code: 'pulumi-too-old',
    message: 'this version of pulumi lacks an option that nx-esc needs',
    hint: () => 'upgrade pulumi to 3.200 or newer',
  },
  {
    pattern: /policy violation|mandatory policy/i,
    class: 'deploy',
    code: 'policy-violation',
    message: 'a policy forbids the deployment',
    hint: () => 'see the violations above',
  },
  {
    pattern:
      /running program .* failed|Unable to compile TypeScript|Program exited with|failed with an unhandled exception|Missing required configuration/i,
    class: 'deploy',
    code: 'program-failed',
    message: 'the Pulumi program failed',
    hint: () => 'see its message above; nothing was changed after the point where it failed',
  },
];

/** Says what went wrong in a run of pulumi that did not succeed. */
export function failureOfPulumi(outcome: PulumiOutcome): Failure {
  const { operation, code, signal, output, wasCancelled, stack, withheld } = outcome;
  if (wasCancelled) return cancelledFailure(`pulumi ${operation} was cancelled`);
  const details =
    withheld.length > 0 && MENTIONS_TOKEN.test(output)
      ? [
          `nx-esc withholds ${withheld.join(', ')}: if the program needs it itself, name it in "passVariables" of nx.json`,
        ]
      : [];
  const rule = RULES.find(({ pattern }) => pattern.test(output));
  if (rule !== undefined) {
    const { message, hint } = rule;
    return new Failure({ class: rule.class, code: rule.code, message, hint: hint(stack), details });
  }
  if (NOT_EXECUTED.includes(code)) {
    return new Failure({
      class: 'tool',
      code: 'pulumi-missing',
      message: 'pulumi cannot be executed on this machine',
      hint: 'install it for this system and processor: https://www.pulumi.com/docs/install/',
    });
  }
  const ending = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return new Failure({
    class: 'deploy',
    code: 'update-failed',
    message: `pulumi ${operation} ended with ${ending}`,
    hint: 'see what it printed above; the state holds what was done, and the next deployment goes on from there',
    details,
  });
}

/** The failure of a run that was interrupted. */
export function cancelledFailure(message: string): Failure {
  return new Failure({
    class: 'deploy',
    code: 'cancelled',
    message,
    hint: 'the state is consistent and unlocked; run the deployment again to go on',
    exitCode: 130,
  });
}
