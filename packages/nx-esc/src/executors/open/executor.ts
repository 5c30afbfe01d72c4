import type { ExecutorContext } from '@nx/devkit';
import { findProperty, parsePropertyPath, renderValue } from 'esc-eval';
import { describeDiagnostic } from '../../backends/local/diagnostic-failure';
import { personalOverlay } from '../../workspace/personal-overlay';
import { processEnvironment } from '../../workspace/process-environment';
import { runTask, type TaskOptions } from '../task';

export interface OpenExecutorOptions extends TaskOptions {
  readonly path?: string;
  readonly format?: 'json' | 'yaml' | 'string';
}

/** Opens an environment and prints it with secrets masked: Nx keeps what tasks print, even uncached. */
export default function open(options: OpenExecutorOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(options, context, async (task) => {
    const { backend, reporter, signal, workspaceRoot } = task.services;
    const ref = task.selectEnvironment();
    const overlay = personalOverlay(ref, task.index, { env: processEnvironment(), reporter });
    const opened = await backend.open({ source: { kind: 'reference', ref }, signal, ...overlay });
    for (const warning of opened.warnings) reporter.warn(describeDiagnostic(warning, workspaceRoot));
    const value = options.path === undefined ? opened.root : findProperty(opened.root, parsePropertyPath(options.path));
    reporter.output(Buffer.from(renderValue(value, options.format ?? 'json', { reveal: false })));
    return undefined;
  });
}
