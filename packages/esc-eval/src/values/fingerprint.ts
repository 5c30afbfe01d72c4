import { createHash } from 'node:crypto';
import type { Expression } from '../language/ast';
import { EscNumber } from './number';
import type { Value } from './value';

const LONG = 80;

/**
 * A text that two values share if they are equal, and if what is unknown in them will turn out to be equal. Secrets do
 * not show in it.
 */
export function fingerprintOf(value: Value): string {
  return value.secret ? hash(`secret ${contentsOf(value)}`) : shorten(contentsOf(value));
}

/** A text that two expressions share if they are written alike, apart from where. */
export function fingerprintOfSyntax(expression: Expression | null): string {
  const text = JSON.stringify(expression, (key, value: unknown) => (PLACES.has(key) ? undefined : value));
  return shorten(`syntax ${text}`);
}

const PLACES = new Set(['range', 'path', 'keyRange', 'nameRange']);

function contentsOf(value: Value): string {
  if (value.unknown) {
    return `unknown ${value.symbol ?? ''}${value.base === undefined ? '' : ` over ${fingerprintOf(value.base)}`}`;
  }
  const { repr } = value;
  if (Array.isArray(repr)) return `[${(repr as readonly Value[]).map(fingerprintOf).join(',')}]`;
  if (repr instanceof Map) {
    const entries = value.keys().map((key) => {
      const property = value.property(key, value.def);
      return `${JSON.stringify(key)}:${property === undefined ? '' : fingerprintOf(property)}`;
    });
    return `{${entries.join(',')}}`;
  }
  return repr instanceof EscNumber ? `number ${repr.text}` : JSON.stringify(repr);
}

/** Fingerprints stand in one another. */
function shorten(text: string): string {
  return text.length <= LONG ? text : hash(text);
}

function hash(text: string): string {
  return `#${createHash('sha256').update(text).digest('base64url')}`;
}
