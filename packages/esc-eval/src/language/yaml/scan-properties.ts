import type { Mark, Reader } from './reader';
import { YamlSyntaxError } from './syntax-error';
import type { Token } from './token';

const WORD = /[0-9A-Za-z_-]*/y;
const URI = /[0-9A-Za-z_;/?:@&=+$,.!~*'()[\]%-]*/y;
const BLANKS = /[ \t]*/y;
const COMMENT = /#[^\n\r\x85\u2028\u2029]*/y;

/** Scans `%YAML` and `%TAG` lines. */
export function scanDirective(reader: Reader): Token {
  const start = reader.mark;
  const fail = (problem: string): never => {
    throw new YamlSyntaxError('scanner', problem, reader.mark, start);
  };
  reader.skip();
  const name = reader.readMatch(WORD);
  if (name === '') fail('could not find expected directive name');
  if (!reader.isBlankOrEnd()) fail('found unexpected non-alphabetical character');
  let token: Token;
  if (name === 'YAML') token = { type: 'version-directive', version: scanVersion(reader, fail), start };
  else if (name === 'TAG') token = { type: 'tag-directive', ...scanTagDirective(reader, fail), start };
  else return fail('found unknown directive name');
  reader.readMatch(BLANKS);
  reader.readMatch(COMMENT);
  if (!reader.isBreakOrEnd()) fail('did not find expected comment or line break');
  reader.readLine();
  return token;
}

type Fail = (problem: string) => never;

function scanVersion(reader: Reader, fail: Fail): string {
  reader.readMatch(BLANKS);
  const major = scanVersionNumber(reader, fail);
  if (!reader.is('.')) fail("did not find expected digit or '.' character");
  reader.skip();
  return `${major}.${scanVersionNumber(reader, fail)}`;
}

function scanVersionNumber(reader: Reader, fail: Fail): number {
  const digits = reader.readMatch(/[0-9]{0,10}/y);
  if (digits.length > 9) fail('found extremely long version number');
  if (digits === '') fail('did not find expected version number');
  return Number(digits);
}

function scanTagDirective(reader: Reader, fail: Fail): { readonly handle: string; readonly prefix: string } {
  reader.readMatch(BLANKS);
  const handle = scanTagHandle(reader, fail);
  if (handle !== '!' && !/^!.*!$/.test(handle)) fail("did not find expected '!'");
  if (!reader.isBlank()) fail('did not find expected whitespace');
  reader.readMatch(BLANKS);
  const prefix = scanTagUri(reader, '', fail);
  if (!reader.isBlankOrEnd()) fail('did not find expected whitespace or line break');
  return { handle, prefix };
}

function scanTagHandle(reader: Reader, fail: Fail): string {
  if (!reader.is('!')) fail("did not find expected '!'");
  reader.skip();
  const word = reader.readMatch(WORD);
  if (!reader.is('!')) return `!${word}`;
  reader.skip();
  return `!${word}!`;
}

/** Scans the rest of a tag whose beginning may have been taken for a handle. */
function scanTagUri(reader: Reader, head: string, fail: Fail): string {
  const text = reader.readMatch(URI);
  if (head === '' && text === '') fail('did not find expected tag URI');
  const uri = head.slice(1) + text;
  if (!text.includes('%')) return uri;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) fail('did not find URI escaped octet');
  try {
    return decodeURIComponent(uri);
  } catch {
    return fail('found an incorrect leading UTF-8 octet');
  }
}

/** Scans `!tag`, `!!tag`, `!handle!tag` or `!<tag>`. */
export function scanTag(reader: Reader): Token {
  const start = reader.mark;
  const fail = (problem: string): never => {
    throw new YamlSyntaxError('scanner', problem, reader.mark, start);
  };
  const named = reader.is('<', 1) ? scanVerbatimTag(reader, fail) : scanShortTag(reader, fail);
  if (!reader.isBlankOrEnd()) fail('did not find expected whitespace or line break');
  return { type: 'tag', ...named, start };
}

function scanVerbatimTag(reader: Reader, fail: Fail): { handle: string; suffix: string } {
  reader.skip(2);
  const suffix = scanTagUri(reader, '', fail);
  if (!reader.is('>')) fail("did not find the expected '>'");
  reader.skip();
  return { handle: '', suffix };
}

function scanShortTag(reader: Reader, fail: Fail): { handle: string; suffix: string } {
  const handle = scanTagHandle(reader, fail);
  if (handle.length > 1 && handle.endsWith('!')) return { handle, suffix: scanTagUri(reader, '', fail) };
  const suffix = scanTagUri(reader, handle, fail);
  return suffix === '' ? { handle: '', suffix: '!' } : { handle: '!', suffix };
}

/** Scans `&anchor` or `*alias`. */
export function scanAnchor(reader: Reader, type: 'anchor' | 'alias'): Token {
  const start: Mark = reader.mark;
  reader.skip();
  const name = reader.readMatch(WORD);
  if (name === '' || !(reader.isBlankOrEnd() || '?:,]}%@`'.includes(reader.peek()))) {
    throw new YamlSyntaxError('scanner', 'did not find expected alphabetic or numeric character', reader.mark, start);
  }
  return { type, name, start };
}
