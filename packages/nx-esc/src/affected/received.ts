import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { type ExportedValue, findProperty, type Provider, type Schema, unknown, entriesOf } from 'esc-eval';
import type { EnvironmentSource } from '../backends/backend';
import { LocalBackend } from '../backends/local/local-backend';
import { parseStackFile } from '../deployment/stack-file';
import { Failure } from '../failures/failure';
import { createStackPreview } from '../providers/pulumi-stacks/provider';
import { environmentProjectOf, type IndexedProject } from '../workspace/workspace-index';
import type { Revision } from './revision';

/** One value that a stack or its commands receive. */
export interface ReceivedValue {
  /** A text that two values share if they are, or will be, equal. Secrets do not show in it. */
  readonly fingerprint: string;
}

const SECTIONS = ['environmentVariables', 'files', 'pulumiConfig'] as const;
const ANY: Schema = { always: true };

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

/**
 * Stands for every provider: what it will answer rests on what it is asked. Providers that answer each of several
 * requests by itself have a symbol for each.
 */
function symbolicProvider(name: string): Provider {
  if (name === 'pulumi-stacks') {
    return { ...createStackPreview({}), open: refuseToOpen };
  }
  return { inputs: ANY, outputs: ANY, open: refuseToOpen, preview: (inputs) => previewRequests(name, inputs) };
}

/** `get` of the secrets stores is a mapping of requests. */
function previewRequests(name: string, inputs: ExportedValue): unknown {
  const others = new Map(entriesOf(inputs));
  const get = others.get('get');
  if (!(get?.value instanceof Map)) return undefined;
  others.delete('get');
  const common = fingerprintOf({ ...inputs, value: others });
  const requests = get.value as ReadonlyMap<string, ExportedValue>;
  return new Map(
    [...requests].map(([key, request]) => [key, unknown(`${name} ${common} ${fingerprintOf(request)}`)] as const),
  );
}

function refuseToOpen(): never {
  throw new Error('nothing is opened to find out what is affected');
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

function fingerprintOf({ value, unknown: isUnknown, secret, symbol }: ExportedValue): string {
  return secret ? createHash('sha256').update(contents()).digest('base64url') : contents();

  function contents(): string {
    if (isUnknown) return `unknown ${symbol ?? ''}`;
    if (Array.isArray(value)) return `[${(value as readonly ExportedValue[]).map(fingerprintOf).join(',')}]`;
    if (value instanceof Map) {
      const entries = [...(value as ReadonlyMap<string, ExportedValue>)];
      return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${fingerprintOf(item)}`).join(',')}}`;
    }
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  }
}
