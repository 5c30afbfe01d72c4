import { createHash } from 'node:crypto';

/** A strong entity tag: the same for the same text, whatever the store. */
export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('hex')}"`;
}

/** Tells whether a client's tag, quoted or not, is that of a text. */
export function matchesEtag(tag: string, text: string): boolean {
  return tag === '*' || `"${tag.trim().replaceAll('"', '')}"` === etagOf(text);
}
