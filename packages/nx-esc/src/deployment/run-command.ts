import { constants } from 'node:os';
import type { EnvironmentSource } from '../backends/backend';
import { Failure } from '../failures/failure';
import { PrivateFolder } from '../process/private-folder';
import { inheritProcess, type ProcessResult, streamProcess } from '../process/run-process';
import type { DeploymentServices } from './deployment';
import { openForDeployment, processEnvironmentOf } from './opened-environment';

export interface RunCommandRequest {
  readonly source: EnvironmentSource;
  readonly command: string;
  readonly args: readonly string[];
  readonly shell?: boolean;
  readonly cwd: string;
  /** Gives the child the terminal; nothing is redacted then. */
  readonly isInteractive: boolean;
  readonly print: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
}

/**
 * Runs a command with an environment's variables and files. The exit code is the child's; 128 and the signal's number
 * where a signal ended it.
 *
 * @throws Failure tool/command-not-found where the command cannot be started
 */
export async function runInEnvironment(
  services: DeploymentServices,
  request: RunCommandRequest,
): Promise<{ readonly code: number }> {
  const { cli, redactor, signal } = services;
  const opened = await openForDeployment(services, { source: request.source, signal });
  const folder = new PrivateFolder();
  try {
    const { variables, omitted } = processEnvironmentOf(opened.root, () => folder, services.allowedVariables);
    if (omitted.length > 0) services.reporter.note(`not known yet, left out: ${omitted.join(', ')}`);
    const { command, args, cwd, shell = false, print } = request;
    const child = { command, args, cwd, shell, env: { ...cli.baseEnv, ...variables }, signal };
    const result = request.isInteractive
      ? await inheritProcess(child)
      : await streamProcess(child, redactor, {
          stdout: (chunk) => print(chunk, 'stdout'),
          stderr: (chunk) => print(chunk, 'stderr'),
        });
    return { code: exitCodeOfProcess(result) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Failure({
      class: 'tool',
      code: 'command-not-found',
      message: `the command ${JSON.stringify(request.command)} cannot be found`,
      hint: 'check its name and the PATH',
      exitCode: 127,
    });
  } finally {
    folder.remove();
  }
}

function exitCodeOfProcess({ code, signal }: ProcessResult): number {
  return signal === null ? code : 128 + (constants.signals[signal] ?? 0);
}
