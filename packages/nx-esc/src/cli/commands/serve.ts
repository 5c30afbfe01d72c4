import type { DeclareCommand } from '../command';

interface Flags {
  readonly port: string;
  readonly host?: string;
  readonly allowRemote: boolean;
  readonly store: string;
  readonly readOnly: boolean;
  readonly tokenFile?: string;
  readonly writeEnv?: string;
  readonly printEnv: boolean;
  readonly log: boolean;
}

export const declareServe: DeclareCommand = (program, context) => {
  program
    .command('serve')
    .description('serve environments to clients of Pulumi ESC on this machine')
    .option('-p, --port <port>', 'port to listen on; 0 for a free one', '7373')
    .option('--host <address>', 'address to listen on: 127.0.0.1 unless --allow-remote')
    .option('--allow-remote', 'let other machines in; what is opened goes over the network in plain text', false)
    .option('--store <store>', 'workspace (its files), memory, or folder:<path>', 'workspace')
    .option('--read-only', 'refuse every change', false)
    .option(
      '--token-file <file>',
      'file with the token for clients, made if it is not there; a token per start unless given',
    )
    // Node 20 takes an `--env-file` for its own, even behind the name of a script.
    .option('--write-env <file>', 'file for the variables that clients need, while the service runs')
    .option(
      '--print-env',
      'print lines for a shell that point clients here, and nothing else, on standard output',
      false,
    )
    .option('--log', 'print a line for each request on standard error', false)
    .action(async ({ allowRemote, readOnly, writeEnv, ...flags }: Flags) => {
      const { serveCommand } = require('../serve-command') as typeof import('../serve-command');
      await serveCommand({
        workspaceRoot: context.workspaceRoot(),
        allowsRemote: allowRemote,
        isReadOnly: readOnly,
        ...(writeEnv !== undefined && { envFile: writeEnv }),
        ...flags,
      });
    });
};
