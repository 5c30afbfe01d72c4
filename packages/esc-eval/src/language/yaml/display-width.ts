import { createRequire } from 'node:module';

/** Only texts that are not plain ASCII need these, and they take longer to load than an environment takes to open. */
const load = createRequire(__filename);
let segmenter: Intl.Segmenter | undefined;
let widths: typeof import('get-east-asian-width') | undefined;

const NON_ASCII = /[^\x00-\x7f]/;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u;
const EMOJI = /^\p{Emoji_Presentation}/u;
const REGIONAL_INDICATOR = /^\p{Regional_Indicator}/u;

const PIECE = 256;

/** Splits a text into extended grapheme clusters (Unicode Standard Annex 29). */
export function* graphemes(text: string): Iterable<string> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  // The segmenter takes quadratic time, so it gets pieces; the last cluster of a piece may go on in the next.
  for (let start = 0, size = PIECE; start < text.length;) {
    const isLast = start + size >= text.length;
    const clusters = Array.from(segmenter.segment(text.slice(start, start + size)), ({ segment }) => segment);
    if (!isLast) clusters.pop();
    size = clusters.length === 0 ? size * 2 : PIECE;
    for (const cluster of clusters) {
      start += cluster.length;
      yield cluster;
    }
  }
}

/** Columns that a grapheme cluster takes on a terminal: 2 for wide characters, 0 for combining ones. */
export function displayWidth(cluster: string): number {
  if (!NON_ASCII.test(cluster)) return isControl(cluster) ? 0 : cluster.length;
  if (REGIONAL_INDICATOR.test(cluster) || EMOJI.test(cluster) || cluster.includes('\uFE0F')) return 2;
  widths ??= load('get-east-asian-width') as typeof import('get-east-asian-width');
  let width = 0;
  for (const character of cluster) {
    if (ZERO_WIDTH.test(character)) continue;
    width = Math.max(width, widths.eastAsianWidth(character.codePointAt(0) as number));
  }
  return width;
}

function isControl(cluster: string): boolean {
  return cluster.charCodeAt(0) < 0x20 || cluster.charCodeAt(0) === 0x7f;
}
