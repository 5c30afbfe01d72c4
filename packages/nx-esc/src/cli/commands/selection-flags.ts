import type { Command } from 'commander';

/** How a command is told which environments it is about. */
export interface SelectionFlags {
  readonly all: boolean;
  readonly affected: boolean;
  readonly env?: string;
  readonly base?: string;
  readonly head?: string;
}

export function addSelection(command: Command): Command {
  return command
    .argument('[names...]', 'environments, projects or files')
    .option('--all', 'every environment', false)
    .option('--affected', 'those of which a file, imports included, differs between --base and --head', false)
    .option('-e, --env <environment>', 'of all or affected ones those of this name')
    .option('--base <revision>', 'revision to compare with (NX_BASE, else the default branch of nx.json)')
    .option('--head <revision>', 'newer revision (NX_HEAD, else the files as they are)');
}
