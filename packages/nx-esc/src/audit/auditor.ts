import type { AuditLog } from './audit-log';
import type { Actor, AuditRecord } from './audit-record';
import { readGitCommit } from './git-commit';
import { exportRecord, type OtlpTarget } from './otlp-exporter';

export interface AuditorOptions {
  readonly workspaceRoot: string;
  readonly actor: Actor;
  readonly log: AuditLog;
  readonly otlp?: OtlpTarget;
  /** Told once of each thing that does not work; nothing fails for it. */
  readonly onProblem: (message: string) => void;
}

/** Writes down what was opened and deployed. What cannot be written or sent is reported once, and fails nothing. */
export class Auditor {
  #identity: Pick<Actor, 'subject' | 'arn'> = {};
  #commit: { readonly value: string | undefined } | undefined;
  readonly #problems = new Set<string>();
  readonly #exports = new Set<Promise<void>>();

  constructor(readonly options: AuditorOptions) {}

  /** Adds who this is to cloud and CI, once that is known. */
  identify(identity: Pick<Actor, 'subject' | 'arn'>): void {
    this.#identity = { ...this.#identity, ...identity };
  }

  record(entry: Omit<AuditRecord, 'version' | 'who' | 'workspace' | 'commit'>): void {
    const { workspaceRoot, actor, log, otlp } = this.options;
    this.#commit ??= { value: readGitCommit(workspaceRoot) };
    const { time, operation, ...rest } = entry;
    const record: AuditRecord = {
      version: 1,
      time,
      operation,
      who: { ...actor, ...this.#identity },
      workspace: workspaceRoot,
      ...(this.#commit.value !== undefined && { commit: this.#commit.value }),
      ...rest,
    };
    try {
      log.append(record);
    } catch (error) {
      this.#report(`the audit log ${log.file} cannot be written: ${(error as Error).message}`);
    }
    if (otlp !== undefined) this.#export(record, otlp);
  }

  /** Waits for what is being sent; no longer than its time-out. */
  async flush(): Promise<void> {
    await Promise.all(this.#exports);
  }

  #export(record: AuditRecord, target: OtlpTarget): void {
    const sending = exportRecord(record, target).catch((error: Error) => {
      const cause = error.cause as NodeJS.ErrnoException | undefined;
      const reason = cause?.message || cause?.code || error.message;
      this.#report(`the audit log cannot be sent to ${target.endpoint.replace(/\/\/[^/]*@/, '//')}: ${reason}`);
    });
    this.#exports.add(sending);
    void sending.finally(() => this.#exports.delete(sending));
  }

  #report(message: string): void {
    if (this.#problems.has(message)) return;
    this.#problems.add(message);
    this.options.onProblem(message);
  }
}
