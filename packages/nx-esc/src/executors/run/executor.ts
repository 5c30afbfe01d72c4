import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { runInEnvironment } from '../../deployment/run-command';
import { Failure } from '../../failures/failure';
import { runTask } from '../task';
import type { RunExecutorSchema } from './schema';

/** Runs a command with the variables and files of an environment; what it prints is redacted. */
export default function run(options: RunExecutorSchema, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(options, context, async (task) => {
    const cwd = options.cwd === undefined ? task.folder : resolve(context.root, options.cwd);
    const { code } = await runInEnvironment(task.services, {
      source: { kind: 'reference', ref: task.selectEnvironment() },
      command: options.command,
      args: [],
      shell: true,
      cwd,
      isInteractive: false,
      print: (chunk) => task.services.reporter.output(chunk),
    });
    if (code === 0) return;
    throw new Failure({
      class: 'deploy',
      code: 'command-failed',
      message: `"${options.command}" ended with exit code ${code}`,
      exitCode: code,
    });
  });
}
