import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { type RunCommandRequest, runInEnvironment } from '../../deployment/run-command';
import { watchInEnvironment } from '../../deployment/watch-command';
import { Failure } from '../../failures/failure';
import { backendOf } from '../../workspace/backend-choice';
import { personalOverlay } from '../../workspace/personal-overlay';
import { processEnvironment } from '../../workspace/process-environment';
import { runTask } from '../task';
import type { RunExecutorSchema } from './schema';

/** Runs a command with the variables and files of an environment; what it prints is redacted. */
export default function run(options: RunExecutorSchema, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(options, context, async (task) => {
    const cwd = options.cwd === undefined ? task.folder : resolve(context.root, options.cwd);
    const ref = task.selectEnvironment();
    const request: RunCommandRequest = {
      source: { kind: 'reference', ref },
      ...personalOverlay(ref, task.index, {
        env: processEnvironment(),
        reporter: task.services.reporter,
        backend: options.backend ?? backendOf(ref, task.options),
      }),
      command: options.command,
      args: [],
      shell: true,
      cwd,
      isInteractive: false,
      print: (chunk) => task.services.reporter.output(chunk),
    };
    const { code } =
      options.watch === true
        ? await watchInEnvironment({ ...request, leadsGroup: true, createServices: () => task.createServices() })
        : await runInEnvironment(task.services, request);
    if (code === 0) return;
    throw new Failure({
      class: 'deploy',
      code: 'command-failed',
      message: `"${options.command}" ended with exit code ${code}`,
      exitCode: code,
    });
  });
}
