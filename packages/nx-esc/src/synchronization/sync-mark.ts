/** Name of the environment tag that says what was pushed last. */
export const MARK_TAG = 'nx-esc-pushed';

/** Which file a revision of the service was made from. It holds no value, and no hash of one. */
export interface SyncMark {
  readonly revision: number;
  /** Id that git gives to the text of the file, in which secrets are encrypted. */
  readonly file: string;
  /** What was checked out. */
  readonly commit?: string;
}

const MARK = /^revision=(\d+) file=([0-9a-f]{40}(?:[0-9a-f]{24})?)(?: commit=([0-9a-f]{40}(?:[0-9a-f]{24})?))?$/;

export function formatMark({ revision, file, commit }: SyncMark): string {
  return `revision=${revision} file=${file}${commit === undefined ? '' : ` commit=${commit}`}`;
}

/** Reads a mark; undefined for what is none, which is as good as no mark. */
export function parseMark(text: string): SyncMark | undefined {
  const [, revision, file, commit] = MARK.exec(text) ?? [];
  if (revision === undefined || file === undefined) return undefined;
  return { revision: Number(revision), file, ...(commit !== undefined && { commit }) };
}
