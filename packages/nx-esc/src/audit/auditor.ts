import { networkErrorOf } from '../network/network-error';
import type { AuditLog } from './audit-log';
import type { Actor, AuditRecord, CloudIdentity } from './audit-record';
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

/** A record without what is the same for all of a run. */
export type AuditEntry = Omit<AuditRecord, 'version' | 'who' | 'workspace' | 'commit'>;

/** Writes down what was opened and deployed. What cannot be written or sent is reported once, and fails nothing. */
export class Auditor {
  #identity: CloudIdentity = {};
  #commit: { readonly value: string | undefined } | undefined;
  readonly #problems = new Set<string>();
  readonly #exports = new Set<Promise<void>>();

  constructor(readonly options: AuditorOptions) {}

  /** Says who this is to cloud and CI, from now on. */
  identify(identity: CloudIdentity): void {
    this.#identity = identity;
  }

  /** Says who this is, as long as nothing is known of that. */
  identifyFirst(identity: CloudIdentity): void {
    if (this.#identity.arn === undefined) this.#identity = identity;
  }

  record(entry: AuditEntry): void {
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
      const reason = networkErrorOf(error)?.message ?? (error.cause as Error | undefined)?.message ?? error.message;
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
