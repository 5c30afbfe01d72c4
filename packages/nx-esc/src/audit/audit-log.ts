import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { lockSync as LockSync } from 'proper-lockfile';
import type { AuditRecord } from './audit-record';

const MAX_BYTES = 5 * 1024 * 1024;
/** Files kept besides the one that is written to: `audit.jsonl.1` is the newest of them. */
const KEPT = 5;

/**
 * A file of JSON lines for this user alone. A line is appended by one write, which systems keep whole among processes;
 * a process that has the file open while another rotates it writes to the rotated one, and nothing is lost.
 */
export class AuditLog {
  constructor(
    readonly file: string,
    readonly maxBytes = MAX_BYTES,
  ) {}

  append(record: AuditRecord): void {
    mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    if (this.#sizeWith(line.length) > this.maxBytes) this.#rotate(line.length);
    const fd = openSync(this.file, 'a', 0o600);
    try {
      // A disk that is full cuts a line off: the next one must not become part of it.
      if (writeSync(fd, line) < line.length) writeSync(fd, '\n');
      if ((fstatSync(fd).mode & 0o077) !== 0) chmodSync(this.file, 0o600);
    } finally {
      closeSync(fd);
    }
  }

  /** Every record, the oldest first; lines that are cut off or foreign are left out. */
  read(): AuditRecord[] {
    const files = [...Array.from({ length: KEPT }, (_, index) => `${this.file}.${KEPT - index}`), this.file];
    return files.filter((file) => existsSync(file)).flatMap((file) => parseLines(readFileSync(file, 'utf8')));
  }

  #sizeWith(length: number): number {
    const size = statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
    return size === 0 ? 0 : size + length;
  }

  /** Renames the files, unless another process is at it. */
  #rotate(length: number): void {
    // Loaded when it is needed: a run rarely rotates.
    const { lockSync } = createRequire(__filename)('proper-lockfile') as { lockSync: typeof LockSync };
    let release: () => void;
    try {
      release = lockSync(this.file, { stale: 10_000 });
    } catch {
      return;
    }
    try {
      if (this.#sizeWith(length) <= this.maxBytes) return;
      for (let index = KEPT - 1; index >= 0; index -= 1) {
        const from = index === 0 ? this.file : `${this.file}.${index}`;
        if (existsSync(from)) renameSync(from, `${this.file}.${index + 1}`);
      }
    } finally {
      release();
    }
  }
}

function parseLines(text: string): AuditRecord[] {
  return text.split('\n').flatMap((line) => {
    try {
      const record = JSON.parse(line) as AuditRecord;
      return record.version === 1 && typeof record.time === 'string' ? [record] : [];
    } catch {
      return [];
    }
  });
}
