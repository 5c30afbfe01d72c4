import type { DeclareCommand } from '../command';

export const declareCache: DeclareCommand = (program) => {
  const cache = program.command('cache').description('look at or remove the environments that are kept open');
  cache
    .command('ls')
    .description('list them, without what is in them')
    .option('--json', 'as JSON', false)
    .action(({ json }: { readonly json: boolean }) => {
      const { listSessions } = require('../cache-command') as typeof import('../cache-command');
      listSessions(json ? 'json' : 'text');
    });
  cache
    .command('clear')
    .description('remove all of them, their files, and the key to them')
    .action(() => {
      const { clearSessions } = require('../cache-command') as typeof import('../cache-command');
      clearSessions();
    });
};
