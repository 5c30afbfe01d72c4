import type { DeclareCommand } from '../command';

interface Flags {
  readonly base?: string;
  readonly format: string;
  readonly open: boolean;
  readonly exitCode: boolean;
  readonly remote: boolean;
}

export const declareDiff: DeclareCommand = (program, context) => {
  program
    .command('diff')
    .description('compare two environments, or one with an older revision or with Pulumi Cloud; secrets are not shown')
    .argument('<before>', 'environment, also at a revision of git: api/staging@{main}')
    .argument('[after]', 'environment to compare it with')
    .option('--base <revision>', 'compare one environment with what it was where this revision parted')
    .option('--remote', 'compare what Pulumi Cloud has with the file of one environment', false)
    .option('-f, --format <format>', 'text, markdown or json', 'text')
    .option('--open', 'open the environments, to compare what providers answer', false)
    .option('--exit-code', 'end with exit code 1 if they differ', false)
    .action(async (before: string, after: string | undefined, { base, remote, ...flags }: Flags) => {
      if (remote) {
        const { remoteDiffCommand } = require('../remote-diff-command') as typeof import('../remote-diff-command');
        const other = after ?? (base === undefined ? undefined : '--base');
        process.exitCode = await remoteDiffCommand({
          workspaceRoot: context.workspaceRoot(),
          ref: before,
          ...flags,
          ...(other !== undefined && { other }),
        });
        return;
      }
      const { diffCommand } = require('../diff-command') as typeof import('../diff-command');
      process.exitCode = await diffCommand({
        workspaceRoot: context.workspaceRoot(),
        before,
        ...flags,
        ...(after !== undefined && { after }),
        ...(base !== undefined && { base }),
      });
    });
};
