import { type Document, isMap, isSeq, type Pair, parseDocument, type ParsedNode } from 'yaml';

/** The end of what a node itself takes: not the comment, and not the line break, behind it. */
export function endOf(node: ParsedNode, text: string): number {
  if (isMap(node) && node.flow !== true) {
    const { key, value } = node.items.at(-1) as Pair<ParsedNode, ParsedNode | null>;
    return Math.max(value === null ? 0 : endOf(value, text), text.indexOf(':', key.range[1]) + 1);
  }
  if (isSeq(node) && node.flow !== true) return endOf(node.items.at(-1) as ParsedNode, text);
  const [start, end] = node.range;
  return start + text.slice(start, end).replace(/\s+$/, '').length;
}

/** The column of a place in a text, 0-based. */
export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** What the parser took for comments between the key and the end of its argument. */
export function commentsIn(pair: Pair<ParsedNode, ParsedNode | null>, text: string): string[] {
  if (!text.includes('#')) return [];
  const found: string[] = [];
  const visit = (token: unknown): void => {
    if (typeof token !== 'object' || token === null) return;
    const { type, source } = token as { readonly type?: string; readonly source?: string };
    if (type === 'comment' && source !== undefined) found.push(source);
    else for (const part of Object.values(token)) visit(part);
  };
  const { srcToken } = pair as unknown as { readonly srcToken?: { readonly sep?: unknown; readonly value?: unknown } };
  visit([srcToken?.sep, srcToken?.value]);
  return found.filter((comment) => text.includes(comment));
}

/** Parses a text so that every node knows its place. */
export function parseForEditing(text: string): Document {
  return parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: 'silent',
  });
}
