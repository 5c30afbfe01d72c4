import { once } from 'node:events';
import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { describeService } from '../../service/describe-service';
import { serveWorkspace } from '../../service/serve-workspace';
import { processEnvironment } from '../../workspace/process-environment';
import { indexWorkspace } from '../../workspace/read-workspace';
import { runTask, type TaskOptions } from '../task';

export interface ServeExecutorOptions extends TaskOptions {
  readonly port?: number;
  readonly store?: string;
  readonly readOnly?: boolean;
  readonly tokenFile?: string;
  readonly envFile?: string;
}

/** Serves environments to clients of Pulumi ESC on this machine until the task ends. */
export default function serve(
  { port = 0, store = 'workspace', readOnly = false, tokenFile, envFile, ...options }: ServeExecutorOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(options, context, async (task) => {
    const { workspaceRoot, reporter, signal } = task.services;
    const service = await serveWorkspace({
      workspaceRoot,
      readIndex: () => indexWorkspace(workspaceRoot, task.options),
      options: task.options,
      env: processEnvironment(),
      reporter,
      store,
      port,
      isReadOnly: readOnly,
      ...(tokenFile !== undefined && { tokenFile: resolve(workspaceRoot, tokenFile) }),
      ...(envFile !== undefined && { envFile: resolve(workspaceRoot, envFile) }),
    });
    for (const line of describeService(service, store)) reporter.note(line);
    if (!signal.aborted) await once(signal, 'abort');
    await service.close();
  });
}
