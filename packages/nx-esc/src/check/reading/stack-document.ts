import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';

/** The document that `environment:` of a stack's file stands for. */
export interface StackDocument {
  /** The document's text. Everything in it stands where it stands in the file. */
  readonly text: string;
}

const KEY = 'environment';
const LIST_KEY = 'imports';

/**
 * Reads the document that `environment:` of a stack's file stands for: a list of imports, or an environment itself.
 * What is around it in the file becomes blank, so that places in the document are places in the file.
 */
export function readStackDocument(text: string): StackDocument | undefined {
  const { contents, errors } = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' });
  if (errors.length > 0 || !isMap(contents)) return undefined;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === KEY);
  const [value, key] = [pair?.value as Node | null | undefined, pair?.key as Node | null | undefined];
  if (!value?.range || !key?.range) return undefined;
  const [start, , end] = value.range;
  const [keyStart, keyEnd] = key.range;
  if (isMap(value)) return { text: blank(text.slice(0, start)) + text.slice(start, end) };
  if (!isSeq(value)) return undefined;
  const between = text.slice(keyEnd, start);
  const listKey = LIST_KEY + between.slice(0, between.indexOf(':') + 1);
  const padded = listKey.padEnd(keyEnd - keyStart + between.indexOf(':') + 1);
  const rest = between.slice(between.indexOf(':') + 1);
  return { text: blank(text.slice(0, keyStart)) + padded + rest + text.slice(start, end) };
}

function blank(text: string): string {
  return text.replace(/[^\n]/gu, ' ');
}
