import { defineFailures } from './entry';

/** A program that is needed is missing, or too old. */
export const TOOL_FAILURES = defineFailures('tool', {
  'pulumi-missing': {
    meaning: '`pulumi` is not on the PATH, or cannot be executed',
    causes: ['it is not installed, or installed elsewhere', 'it was built for another system or processor'],
    remedies: ['install it: https://www.pulumi.com/docs/install/', 'add its folder to the PATH'],
    example: 'pulumi cannot be found\n  → install it: https://www.pulumi.com/docs/install/',
  },
  'pulumi-too-old': {
    meaning: '`pulumi` lacks an option that nx-esc needs',
    causes: ['a version before 3.200'],
    remedies: ['upgrade pulumi'],
    example: 'this version of pulumi lacks an option that nx-esc needs\n  → upgrade pulumi to 3.200 or newer',
  },
  'language-host-missing': {
    meaning: "the language host of the program's runtime is not installed",
    causes: ['`pulumi` was installed without the hosts beside it'],
    remedies: ['install the official distribution of pulumi: it holds them'],
    example:
      "the language host of the program's runtime is not installed\n  → install the official distribution of pulumi: it holds the language hosts",
  },
  'esc-cli-missing': {
    meaning: 'the command `esc` or `pulumi env` is needed, and missing',
    causes: ['it is not installed'],
    remedies: ['install it: https://www.pulumi.com/docs/install/esc/'],
    example: 'esc cannot be found\n  → install it: https://www.pulumi.com/docs/install/esc/',
  },
  'nx-version-unsupported': {
    meaning: 'this version of Nx is not supported',
    causes: ['Nx before 22'],
    remedies: ['upgrade: `nx migrate latest`'],
    example: 'Nx 20.8.0 is not supported\n  → upgrade to Nx 22 or newer: nx migrate latest',
  },
  'command-not-found': {
    meaning: 'the command that is to run in an environment does not exist',
    causes: ['a typing error', 'a PATH without its folder'],
    remedies: ['check its name and the PATH'],
    example: 'the command "sevrer" cannot be found\n  → check its name and the PATH',
  },
  'private-file-not-written': {
    meaning: 'a file that a child must have cannot be written to the temporary folder',
    causes: ['the disk is full', '`TMPDIR` names a folder that is missing or read-only'],
    remedies: ['make room in the temporary folder', 'set `TMPDIR` to another one'],
    example:
      'a private file cannot be written to /tmp/nx-esc-files-4711-x: the disk is full\n  → make room there, or choose another place by TMPDIR',
  },
  'git-not-found': {
    meaning: '`git` could not be started',
    causes: ['it is not installed'],
    remedies: ['install git'],
    example: 'git could not be started: spawn git ENOENT\n  → install git',
  },
  'git-failed': {
    meaning: 'a command of `git` failed',
    causes: ['the workspace is in no git repository', 'the repository is owned by another user'],
    remedies: ['see the message of git'],
    example: 'git rev-parse failed: fatal: not a git repository\n  → the workspace must be in a git repository',
  },
  'editor-failed': {
    meaning: 'the editor ended with an error; nothing was written',
    causes: ['`$VISUAL` or `$EDITOR` names what is no editor'],
    remedies: ['set `$EDITOR`'],
    example: 'the editor ended with exit code 1; nothing was written\n  → see $VISUAL and $EDITOR',
  },
});
