import { InvalidArgumentError } from 'commander';
import type { DeclareCommand } from '../command';

interface Flags {
  readonly all: boolean;
  readonly staged: boolean;
  readonly fix: boolean;
  readonly format: string;
  readonly output?: string;
  readonly severity: readonly string[];
  readonly maxWarnings?: number;
  readonly backend?: string;
}

export const declareCheck: DeclareCommand = (program, context) => {
  program
    .command('check')
    .description('check environments, stacks and what names them, without opening anything')
    .argument('[names...]', 'environments, projects or files; all of the workspace unless given')
    .option('--all', 'all of the workspace', false)
    .option('--staged', 'the files that are staged in git, as they are staged', false)
    .option('--fix', 'mend what can be mended without a change of meaning', false)
    .option('-f, --format <format>', 'text, json, sarif or github', 'text')
    .option('-o, --output <file>', 'file to write instead of standard output')
    .option('--severity <rule=level>', 'error, warning, info or off for a rule; may be repeated', collect, [])
    .option('--max-warnings <number>', 'fail where there are more warnings', parseCount)
    .option('--backend <backend>', 'check what is in Pulumi Cloud instead of the files: cloud or cli')
    .action(async (names: readonly string[], flags: Flags) => {
      if (flags.backend !== undefined && flags.backend !== 'local') {
        const { checkBackendCommand } =
          require('../check-backend-command') as typeof import('../check-backend-command');
        await checkBackendCommand({ workspaceRoot: context.workspaceRoot(), names, backend: flags.backend });
        return;
      }
      const { checkCommand } = require('../check-command') as typeof import('../check-command');
      await checkCommand({ workspaceRoot: context.workspaceRoot(), names, ...flags });
    });
};

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('it is a number, 0 or more.');
  return Number(text);
}
