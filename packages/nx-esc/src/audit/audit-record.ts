export type AuditedOperation = 'open' | 'deploy' | 'destroy' | 'push' | 'pull';

/** Who somebody is to a cloud. */
export interface CloudIdentity {
  /** Subject of the OIDC token that was exchanged. */
  readonly subject?: string;
  /** ARN of the AWS identity. */
  readonly arn?: string;
}

/** Who did something, as far as it is known. */
export interface Actor extends CloudIdentity {
  /** `user@host` */
  readonly user: string;
  /** The CI that runs this. */
  readonly ci?: string;
  /** Who started the CI's run, by its own name for them. */
  readonly triggeredBy?: string;
  /** Address or number of the CI's run. */
  readonly run?: string;
}

/** A line of the audit log. It names secrets, and holds no value of one. */
export interface AuditRecord {
  readonly version: 1;
  /** When it began (ISO 8601). */
  readonly time: string;
  readonly operation: AuditedOperation;
  readonly who: Actor;
  readonly workspace: string;
  /** Commit that is checked out; what is not committed shows in the content hash. */
  readonly commit?: string;
  readonly environment?: string;
  readonly stack?: string;
  /** SHA-256 over the files of the environment and all that it imports. */
  readonly contentHash?: string;
  readonly files?: readonly string[];
  /** Paths of the secrets that were opened. */
  readonly secrets?: readonly string[];
  /** Whether it was opened before, and what was kept of it was taken. */
  readonly kept?: true;
  readonly outcome: 'succeeded' | 'failed';
  readonly class?: string;
  readonly code?: string;
  readonly milliseconds: number;
}
