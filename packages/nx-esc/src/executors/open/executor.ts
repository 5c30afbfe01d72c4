import type { ExecutorContext } from '@nx/devkit';
import { findProperty, renderValue } from 'esc-eval';
import { openForDeployment } from '../../deployment/opened-environment';
import { escapeControls } from '../../failures/escape-controls';
import { backendOf } from '../../workspace/backend-choice';
import { personalOverlay } from '../../workspace/personal-overlay';
import { processEnvironment } from '../../workspace/process-environment';
import { readPath } from '../../workspace/read-path';
import { runTask } from '../task';
import type { OpenExecutorSchema } from './schema';

/** Opens an environment and prints it with secrets masked: Nx keeps what tasks print, even uncached. */
export default function open(options: OpenExecutorSchema, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(options, context, async (task) => {
    const { reporter, signal } = task.services;
    const ref = task.selectEnvironment();
    const backend = options.backend ?? backendOf(ref, task.options);
    const overlay = personalOverlay(ref, task.index, { env: processEnvironment(), reporter, backend });
    const opened = await openForDeployment(task.services, { source: { kind: 'reference', ref }, signal, ...overlay });
    const value = options.path === undefined ? opened.root : findProperty(opened.root, readPath(options.path));
    reporter.output(Buffer.from(escapeControls(renderValue(value, options.format ?? 'json', { reveal: false }))));
    return undefined;
  });
}
