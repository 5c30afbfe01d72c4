import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeCache } from './cache-files';
import type { FactsSource } from './facts-reader';
import { type FileFacts, NO_FACTS } from './file-facts';

/** Raised when what is read off files changes, so that facts kept by an older release are not taken. */
const FORMAT = 2;
const CACHE_FILE = 'nx-esc-facts.json';
/** A file that changed so shortly before it was read may change again within the same tick of the clock. */
const SETTLING_MS = 2000;

/** When the file was last changed, its size, the hash of its content, and its facts. */
type Entry = readonly [modified: number, size: number, hash: string, facts: FileFacts];

/**
 * When files were last changed and their sizes, by path; null for one that was not there. A file that may change without
 * showing it has been changed at 0.
 */
export type FileStamps = Readonly<Record<string, readonly [modified: number, size: number] | null>>;

/**
 * Facts of the files of a workspace, remembered between runs by content. A file that has its old size and time is not
 * even opened. A cache that cannot be read counts as empty, one that cannot be written is left.
 */
export class DiskFacts implements FactsSource {
  readonly #known: Readonly<Record<string, unknown>>;
  #keptAs: string | undefined;
  readonly #seen = new Map<string, Entry | undefined>();
  readonly #cacheFile: string | undefined;
  #isChanged = false;

  /** `cacheFolder` is where the cache is kept; nothing is kept without one. */
  constructor(
    readonly workspaceRoot: string,
    cacheFolder?: string,
  ) {
    this.#cacheFile = cacheFolder === undefined ? undefined : join(cacheFolder, CACHE_FILE);
    ({ known: this.#known, hash: this.#keptAs } = readCache(this.#cacheFile));
  }

  /** Hash of the facts of all files as they are kept; undefined where none are. */
  get keptAs(): string | undefined {
    return this.#keptAs;
  }

  /** Tells whether a file that can be read says the same as it did when facts were kept. */
  saysTheSame(file: string): boolean {
    const kept = this.#known[file];
    const { broken, ...facts } = this.factsOf(file);
    return isEntry(kept) && broken === undefined && JSON.stringify(kept[3]) === JSON.stringify(facts);
  }

  factsOf(file: string): FileFacts {
    return this.#entryOf(file)?.[3] ?? NO_FACTS;
  }

  has(file: string): boolean {
    return this.#entryOf(file) !== undefined;
  }

  #entryOf(file: string): Entry | undefined {
    const seen = this.#seen.get(file);
    if (seen !== undefined || this.#seen.has(file)) return seen;
    const entry = this.#look(file);
    this.#seen.set(file, entry);
    return entry;
  }

  #look(file: string): Entry | undefined {
    // Thousands of files are looked at: plain paths need no resolution.
    const path = `${this.workspaceRoot}/${file}`;
    const kept = this.#known[file];
    const known = isEntry(kept) ? kept : undefined;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return undefined;
    const { mtimeMs, size } = stats;
    if (known !== undefined && known[0] === mtimeMs && known[1] === size) return known;
    this.#isChanged = true;
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      return [0, 0, '', { references: [], broken: { line: 1, column: 1, reason: (error as Error).message } }];
    }
    const hash = hashOf(text);
    const facts = known?.[2] === hash ? known[3] : readFactsLazily(file, text);
    return [mtimeMs, size, hash, facts];
  }

  /** How the files were that were looked at; undefined where one of them could not be read. */
  stamps(): FileStamps | undefined {
    const settled = Date.now() - SETTLING_MS;
    const stamps: Record<string, FileStamps[string]> = {};
    for (const [file, entry] of this.#seen) {
      if (entry?.[2] === '') return undefined;
      stamps[file] = entry === undefined ? null : [entry[0] < settled ? entry[0] : 0, entry[1]];
    }
    return stamps;
  }

  /** Keeps what was seen for the next run. */
  save(): void {
    if (this.#cacheFile === undefined || !this.#isChanged) return;
    const settled = Date.now() - SETTLING_MS;
    const files = [...this.#seen].flatMap(([file, entry]) =>
      entry === undefined || entry[2] === '' ? [] : [[file, entry[0] < settled ? entry : [0, ...entry.slice(1)]]],
    );
    const text = JSON.stringify({ format: FORMAT, files: Object.fromEntries(files) });
    writeCache(this.#cacheFile, text);
    this.#keptAs = hashOf(text);
  }
}

/** Most runs of Nx find nothing changed, and need no parsers. */
function readFactsLazily(file: string, text: string): FileFacts {
  const { readFacts } = require('./facts-reader') as typeof import('./facts-reader');
  return readFacts(file, text);
}

/** What was kept, entries unproven. */
function readCache(file: string | undefined): {
  readonly known: Readonly<Record<string, unknown>>;
  readonly hash: string | undefined;
} {
  const nothing = { known: {}, hash: undefined };
  if (file === undefined) return nothing;
  try {
    const text = readFileSync(file, 'utf8');
    const { format, files } = JSON.parse(text) as { format: unknown; files: unknown };
    const isKnown = format === FORMAT && typeof files === 'object' && files !== null;
    return isKnown ? { known: files as Record<string, unknown>, hash: hashOf(text) } : nothing;
  } catch {
    return nothing;
  }
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}

function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value)) return false;
  const [modified, size, hash, facts] = value as unknown[];
  return (
    typeof modified === 'number' &&
    typeof size === 'number' &&
    typeof hash === 'string' &&
    Array.isArray((facts as FileFacts | null)?.references)
  );
}
