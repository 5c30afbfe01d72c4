import type { Command } from 'commander';

/** What a command of `nx-esc` gets from the program around it. */
export interface CommandContext {
  /**
   * The folder of the workspace that the command is run in.
   *
   * @throws Failure config/workspace-not-found
   */
  workspaceRoot(): string;
}

/**
 * Declares a command: its arguments, options and help. The action imports what does the work when it runs, so that no
 * command pays for the start of another.
 */
export type DeclareCommand = (program: Command, context: CommandContext) => void;
