import { join, relative } from 'node:path';
import { type ExportedValue, findProperty } from 'esc-eval';
import type { EnvironmentSource } from '../backends/backend';
import { LocalBackend } from '../backends/local/local-backend';
import { parseStackFile } from '../deployment/stack-file';
import { Failure } from '../failures/failure';
import { symbolicProvider } from '../providers/symbolic-provider';
import { fingerprintOf } from '../providers/value-fingerprint';
import { environmentProjectOf, type IndexedProject } from '../workspace/workspace-index';
import type { Revision } from './revision';

/** One value that a stack or its commands receive. */
export interface ReceivedValue {
  /** A text that two values share if they are, or will be, equal. Secrets do not show in it. */
  readonly fingerprint: string;
}

const SECTIONS = ['environmentVariables', 'files', 'pulumiConfig'] as const;

/** Evaluates what stacks receive at a revision, without opening anything. */
export class ReceivedValues {
  readonly #backend: LocalBackend;

  constructor(
    readonly revision: Revision,
    readonly signal: AbortSignal,
  ) {
    const { index, files } = revision;
    const { workspaceRoot, organization } = index;
    this.#backend = new LocalBackend({
      workspaceRoot,
      index,
      ...(organization !== undefined && { organization }),
      readFile: (file) => files.read(relative(workspaceRoot, file)),
      loadProvider: symbolicProvider,
    });
  }

  /** Every value by its path, such as `environmentVariables.PORT` or `config.api:size`. */
  async of(project: IndexedProject, stack: string): Promise<Map<string, ReceivedValue>> {
    const received = new Map<string, ReceivedValue>();
    try {
      await this.#collect(project, stack, received);
    } catch (error) {
      // What cannot be read is as good a state as any: only a change of it counts.
      if (!(error instanceof Failure)) throw error;
      received.set('errors', { fingerprint: error.message });
    }
    return received;
  }

  async #collect(project: IndexedProject, stack: string, received: Map<string, ReceivedValue>): Promise<void> {
    const { index, files } = this.revision;
    const file = project.files.stacks.get(stack);
    const stackFile = parseStackFile(
      join(index.workspaceRoot, file ?? ''),
      file === undefined ? '' : files.read(file).toString(),
    );
    const config = (stackFile.document.toJS({ maxAliasCount: 100 }) as { config?: unknown } | null)?.config;
    flattenData(config, 'config', received);
    const source = stackFile.environment ?? this.#defaultSource(project, stack);
    if (source === undefined) return;
    const { root, diagnostics } = await this.#backend.inspect({ source, signal: this.signal }, { symbolic: true });
    for (const section of SECTIONS) {
      const value = findProperty(root, [section]);
      if (value !== undefined) flattenValue(value, section, received);
    }
    const errors = diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ code, summary }) => `${code} ${summary}`);
    if (errors.length > 0) received.set('errors', { fingerprint: errors.sort().join('\n') });
  }

  #defaultSource(project: IndexedProject, stack: string): EnvironmentSource | undefined {
    const ref = `${environmentProjectOf(project.name)}/${stack}`;
    return this.revision.index.environment(ref) === undefined ? undefined : { kind: 'reference', ref };
  }
}

function flattenValue(value: ExportedValue, path: string, received: Map<string, ReceivedValue>): void {
  const { value: data, unknown: isUnknown } = value;
  if (!isUnknown && data instanceof Map && data.size > 0) {
    for (const [key, item] of data as ReadonlyMap<string, ExportedValue>)
      flattenValue(item, `${path}.${key}`, received);
  } else if (!isUnknown && Array.isArray(data) && data.length > 0) {
    (data as readonly ExportedValue[]).forEach((item, index) => flattenValue(item, `${path}[${index}]`, received));
  } else received.set(path, { fingerprint: fingerprintOf(value) });
}

function flattenData(data: unknown, path: string, received: Map<string, ReceivedValue>): void {
  if (typeof data === 'object' && data !== null) {
    for (const [key, item] of Object.entries(data)) flattenData(item, `${path}.${key}`, received);
  } else if (data !== undefined) received.set(path, { fingerprint: JSON.stringify(data) });
}
