import { delimiter, dirname } from 'node:path';
import { type CapturedProcess, captureProcess } from '../process/run-process';
import type { Environment } from './environment';
import { findPulumi } from './find-pulumi';

export interface PulumiCommandOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly input?: string;
}

/** The `pulumi` command, found once and always called the same way. */
export class PulumiCli {
  #command: string | undefined;

  constructor(readonly baseEnv: Environment) {}

  get command(): string {
    this.#command ??= findPulumi(this.baseEnv);
    return this.#command;
  }

  /** Variables for a run of pulumi: its own folder is on the PATH, so that it finds the plugins beside it. */
  env(extra: Environment = {}): Environment {
    const merged: Environment = { ...this.baseEnv, PULUMI_SKIP_UPDATE_CHECK: 'true', ...extra };
    return { ...merged, PATH: `${dirname(this.command)}${delimiter}${merged.PATH ?? ''}` };
  }

  /** The same command with further variables, such as those of another identity. */
  with(variables: Environment): PulumiCli {
    return new PulumiCli({ ...this.baseEnv, ...variables });
  }

  /** Runs pulumi without prompts and keeps what it prints. */
  capture(args: readonly string[], { cwd, signal, input }: PulumiCommandOptions): Promise<CapturedProcess> {
    return captureProcess({
      command: this.command,
      args: [...args, '--non-interactive', '--color', 'never'],
      cwd,
      env: this.env(),
      signal,
      ...(input !== undefined && { input }),
    });
  }
}
