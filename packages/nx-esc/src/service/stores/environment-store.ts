/** One state of an environment's definition. */
export interface Revision {
  /** Counts from 1 without gaps. */
  readonly number: number;
  /** ISO 8601. */
  readonly created: string;
  readonly creator: string;
  readonly text: string;
}

export interface RevisionTag {
  readonly name: string;
  readonly revision: number;
  readonly created: string;
  readonly modified: string;
  readonly editor: string;
}

export interface EnvironmentTag {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly created: string;
  readonly modified: string;
  readonly editor: string;
}

/** That a revision can no longer be read or opened, and which one its tags were moved to. */
export interface Retraction {
  readonly revision: number;
  readonly replacement: number;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** What is known of an environment beside its definition. Lists are sorted by name, or number. */
export interface EnvironmentDetails {
  readonly id: string;
  readonly created: string;
  readonly deletionProtected: boolean;
  readonly tags: readonly EnvironmentTag[];
  readonly revisionTags: readonly RevisionTag[];
  readonly retractions: readonly Retraction[];
}

export interface StoredEnvironment {
  /** The latest revision. */
  readonly head: Revision;
  readonly details: EnvironmentDetails;
}

/**
 * Where environments are kept, by `project/environment`. Every write is there as a whole or not at all, whenever the
 * process ends. Callers have one change at a time for each environment; stores that others may write to, too, answer
 * false where those were quicker.
 */
export interface EnvironmentStore {
  /** Sorted. */
  names(): Promise<readonly string[]>;
  read(name: string): Promise<StoredEnvironment | undefined>;
  readRevision(name: string, number: number): Promise<Revision | undefined>;
  /** Adds an environment with its revisions, of which there is at least one. False where there is one by the name. */
  create(name: string, details: EnvironmentDetails, revisions: readonly Revision[]): Promise<boolean>;
  /** Adds the next revision, which becomes the head. False where the environment has this revision by now. */
  append(name: string, revision: Revision): Promise<boolean>;
  writeDetails(name: string, details: EnvironmentDetails): Promise<void>;
  remove(name: string): Promise<void>;
}
