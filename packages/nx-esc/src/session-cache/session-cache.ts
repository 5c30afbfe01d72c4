import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { decodeValue, encodeValue, type ExportedValue } from 'esc-eval/output';
import type { AuditFacts } from '../deployment/audited';
import {
  ensurePrivateFolder,
  readPrivateFile,
  type SessionFolders,
  sessionFolders,
  type Variables,
  writePrivateFile,
} from './private-storage';
import { seal, unseal } from './sealed-box';

/** Raised when sessions are kept or opened differently. */
const FORMAT = 2;
const KEY_BYTES = 32;
/** A session ends before the credentials in it do: who takes it is to have some time with them. */
const MARGIN_MS = 5 * 60_000;
/** Variables on which it rests who opens an environment, and with which state and keys. */
const IDENTITY = /^(?:AWS|PULUMI|NX_ESC|GOOGLE|CLOUDSDK|AZURE|ARM|VAULT|SOPS|AGE|ESC)_/;
/** Says where a process is, not who it is. */
const NO_IDENTITY = 'NX_ESC_ENVIRONMENT';

/** What was opened: the same request by the same identity finds it again. */
export interface SessionRequest {
  readonly workspaceRoot: string;
  readonly ref: string;
  /** Whether a personal overlay may count. */
  readonly appliesOverlay: boolean;
}

interface SessionRecord {
  readonly ref: string;
  readonly workspaceRoot: string;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  readonly expiresAt: number;
  /** Every file that the answer rests on, and the hash of its content; null for one that must not be there. */
  readonly files: readonly (readonly [file: string, hash: string | null])[];
  readonly value: string;
  readonly facts: AuditFacts;
}

/** A session that is kept, without what is in it. */
export type SessionSummary = Pick<SessionRecord, 'ref' | 'workspaceRoot' | 'openedAt' | 'expiresAt'>;

/** An opened environment that was kept. */
export interface KeptSession {
  readonly root: ExportedValue;
  /** A folder for its files, which later sessions replace; it need not be there yet. */
  readonly filesFolder: string;
  /** What was written down of it when it was opened. */
  readonly facts: AuditFacts;
}

/** What is kept of an environment that has been opened. */
export interface KeepRequest {
  readonly root: ExportedValue;
  /** All that it rests on, whether or not it is there. */
  readonly files: Iterable<string>;
  /** In milliseconds. */
  readonly lifetime: number;
  /** When the first of the credentials in it ends. */
  readonly credentialsEnd?: Date;
  readonly facts?: AuditFacts;
}

/**
 * Opened environments, encrypted, for a while. The key lies beside nothing of theirs: in the user's runtime folder where
 * there is one. Any change of a file that an environment rests on, or of the identity, ends its session.
 */
export class SessionCache {
  readonly #folders: SessionFolders;

  constructor(readonly env: Variables) {
    this.#folders = sessionFolders(env);
  }

  /** Finds a session that still holds. Reads a handful of small files, and nothing else. */
  find(request: SessionRequest): KeptSession | undefined {
    const key = this.#readKey();
    if (key === undefined) return undefined;
    const id = this.#idOf(request, key);
    const record = this.#read(id, key);
    if (record === undefined || record.expiresAt <= Date.now()) return undefined;
    if (!record.files.every(([file, hash]) => hashOf(file) === hash)) return undefined;
    return { root: decodeValue(record.value), filesFolder: this.#filesFolder(id), facts: record.facts };
  }

  /** Keeps an opened environment, no longer than the credentials in it last. */
  keep(request: SessionRequest, { root, files, lifetime, credentialsEnd, facts = {} }: KeepRequest): KeptSession {
    const key = this.#readKey() ?? this.#createKey();
    this.#prune(key);
    const id = this.#idOf(request, key);
    const { ref, workspaceRoot } = request;
    const openedAt = Date.now();
    const record: SessionRecord = {
      ref,
      workspaceRoot,
      openedAt,
      expiresAt: Math.min(openedAt + lifetime, (credentialsEnd?.getTime() ?? Infinity) - MARGIN_MS),
      files: [...new Set(files)].map((file) => [file, hashOf(file)] as const),
      value: encodeValue(root),
      facts,
    };
    ensurePrivateFolder(this.#folders.sessions);
    writePrivateFile(join(this.#folders.sessions, id), seal(JSON.stringify(record), key, contextOf(id)));
    return { root, filesFolder: this.#filesFolder(id), facts };
  }

  /** The sessions that hold, by environment. */
  list(): SessionSummary[] {
    const key = this.#readKey();
    if (key === undefined) return [];
    return this.#ids()
      .flatMap((id) => {
        const record = this.#read(id, key);
        return record === undefined || record.expiresAt <= Date.now() ? [] : [record];
      })
      .map(({ ref, workspaceRoot, openedAt, expiresAt }) => ({ ref, workspaceRoot, openedAt, expiresAt }))
      .sort((a, b) => (`${a.workspaceRoot} ${a.ref}` < `${b.workspaceRoot} ${b.ref}` ? -1 : 1));
  }

  /** Removes every session, their files, and the key. */
  clear(): number {
    const ids = this.#ids();
    const { sessions, runtime } = this.#folders;
    for (const path of [sessions, join(runtime, 'files'), join(runtime, 'key')])
      rmSync(path, { recursive: true, force: true });
    return ids.length;
  }

  #prune(key: Buffer): void {
    for (const id of this.#ids()) {
      const record = this.#read(id, key);
      if (record !== undefined && record.expiresAt > Date.now()) continue;
      rmSync(join(this.#folders.sessions, id), { force: true });
      rmSync(this.#filesFolder(id), { recursive: true, force: true });
    }
  }

  #ids(): string[] {
    try {
      return readdirSync(this.#folders.sessions).filter((name) => /^[0-9a-f]{32}$/.test(name));
    } catch {
      return [];
    }
  }

  #read(id: string, key: Buffer): SessionRecord | undefined {
    const sealed = readPrivateFile(join(this.#folders.sessions, id));
    const text = sealed === undefined ? undefined : unseal(sealed, key, contextOf(id));
    return text === undefined ? undefined : (JSON.parse(text) as SessionRecord);
  }

  #filesFolder(id: string): string {
    return join(this.#folders.runtime, 'files', id);
  }

  /** Says nothing of what was asked to anyone without the key. */
  #idOf({ workspaceRoot, ref, appliesOverlay }: SessionRequest, key: Buffer): string {
    const identity = Object.entries(this.env)
      .filter(([name]) => IDENTITY.test(name) && name !== NO_IDENTITY)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const asked = JSON.stringify([FORMAT, workspaceRoot, ref, appliesOverlay, identity]);
    return createHmac('sha256', key).update(asked).digest('hex').slice(0, 32);
  }

  #readKey(): Buffer | undefined {
    const key = readPrivateFile(join(this.#folders.runtime, 'key'));
    return key?.length === KEY_BYTES ? key : undefined;
  }

  #createKey(): Buffer {
    ensurePrivateFolder(this.#folders.runtime);
    const key = randomBytes(KEY_BYTES);
    writePrivateFile(join(this.#folders.runtime, 'key'), key);
    // Of two processes that create one at a time, both take that of the last.
    return this.#readKey() ?? key;
  }
}

function contextOf(id: string): string {
  return `nx-esc session ${FORMAT} ${id}`;
}

function hashOf(file: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('base64');
  } catch {
    return null;
  }
}
