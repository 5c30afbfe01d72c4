const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

export type PathSegment = string | number;

/** Appends a mapping key to a document path (language reference, section 3). */
export function joinKey(root: string, key: string): string {
  if (key === '') return root;
  if (IDENTIFIER.test(key)) return root === '' ? key : `${root}.${key}`;
  return `${root}["${key.replaceAll('"', '\\"')}"]`;
}

/** Appends a sequence index to a document path. */
export function joinIndex(root: string, index: number): string {
  return `${root}[${index}]`;
}

/** A property path that cannot be read; the message is the reference evaluator's. */
export class PropertyPathError extends Error {}

/**
 * Parses the property paths of `open`, `get`, `set` and `rotate`, such as `a.b["c d"][0]` (language reference,
 * section 19). The empty text is the empty path.
 *
 * @throws PropertyPathError for a path that is not well formed.
 */
export function parsePropertyPath(text: string): PathSegment[] {
  if (text.startsWith('.')) throw new PropertyPathError('expected property path to start with a name or index');
  const segments: PathSegment[] = [];
  let rest = text;
  while (rest.length > 0) {
    if (rest.startsWith('.')) {
      rest = rest.slice(1);
      if (rest === '') throw new PropertyPathError('expected property path to end with a name or index');
      continue;
    }
    const parsed = rest.startsWith('[') ? parseBracket(rest) : parseName(rest);
    segments.push(parsed.segment);
    rest = parsed.rest;
  }
  return segments;
}

interface ParsedSegment {
  readonly segment: PathSegment;
  readonly rest: string;
}

function parseName(text: string): ParsedSegment {
  const end = text.search(/[.[]/);
  return end < 0 ? { segment: text, rest: '' } : { segment: text.slice(0, end), rest: text.slice(end) };
}

function parseBracket(text: string): ParsedSegment {
  if (text.startsWith('["')) return parseQuoted(text);
  const end = text.indexOf(']');
  if (end < 0) throw new PropertyPathError('missing closing bracket in array index');
  const index = text.slice(1, end);
  const rest = text.slice(end + 1);
  if (index === '*') return { segment: '*', rest };
  if (!/^[+-]?\d+$/.test(index)) {
    throw new PropertyPathError(
      `invalid array index: strconv.ParseInt: parsing ${JSON.stringify(index)}: invalid syntax`,
    );
  }
  return { segment: Number(index), rest };
}

function parseQuoted(text: string): ParsedSegment {
  let key = '';
  let index = 2;
  for (;;) {
    if (index >= text.length) throw new PropertyPathError('missing closing quote in property name');
    if (text[index] === '"') break;
    if (text.startsWith('\\"', index)) {
      key += '"';
      index += 2;
    } else {
      key += text[index];
      index += 1;
    }
  }
  if (text[index + 1] !== ']') throw new PropertyPathError('missing closing bracket in property access');
  return { segment: key, rest: text.slice(index + 2) };
}

/**
 * Prints a path canonically: identifier keys as `.k`, others as `["k"]` (language reference, section 15.4). After a
 * first segment that needs quoting the dot of `values.["x"]` stands, as in the reference.
 */
export function formatPropertyPath(segments: readonly PathSegment[]): string {
  let text = '';
  for (const segment of segments) {
    text = typeof segment === 'number' ? joinIndex(text, segment) : joinKey(text, segment);
  }
  return text;
}
