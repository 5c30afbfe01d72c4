import { createRequire } from 'node:module';

/** Only texts that are not plain ASCII need these, and they take longer to load than an environment takes to open. */
const load = createRequire(__filename);
let segmenter: Intl.Segmenter | undefined;
let widths: typeof import('get-east-asian-width') | undefined;

const NON_ASCII = /[^\x00-\x7f]/;
/** Marks that stand before a number and are no format controls for it: Unicode's Prepended_Concatenation_Mark. */
const PREPENDED = /^[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]$/u;
const ZERO_WIDTH = /^[\p{Grapheme_Extend}\p{Emoji_Modifier}\p{Cf}\p{Cc}\p{Zl}\p{Zp}]$/u;
const PICTOGRAPH = /^\p{Extended_Pictographic}$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;
const REGIONAL_INDICATOR = /^\p{Regional_Indicator}$/u;
const HANGUL_LEADING = /^[\u1100-\u115f\ua960-\ua97c]$/;
const TEXT_STYLE = '\uFE0E';
const EMOJI_STYLE = '\uFE0F';
/** Dashes that are wider than any other character. */
const LONG_DASHES: Readonly<Record<string, number>> = { '\u2E3A': 3, '\u2E3B': 4 };

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

/**
 * Columns that a grapheme cluster takes on a terminal, as rivo/uniseg counts them: those of its characters together, but for
 * pictographs, flags and Hangul syllables, of which the first one counts.
 */
export function displayWidth(cluster: string): number {
  if (!NON_ASCII.test(cluster)) return isControl(cluster) ? 0 : cluster.length;
  const [first = '', ...others] = cluster;
  const width = characterWidth(first);
  if (PICTOGRAPH.test(first)) {
    const style = others.findLast((character) => character === TEXT_STYLE || character === EMOJI_STYLE);
    return style === undefined ? width : style === EMOJI_STYLE ? 2 : 1;
  }
  if (REGIONAL_INDICATOR.test(first) || HANGUL_LEADING.test(first)) return width;
  return others.reduce((sum, character) => sum + characterWidth(character), width);
}

function characterWidth(character: string): number {
  if (PREPENDED.test(character)) return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  if (REGIONAL_INDICATOR.test(character)) return 2;
  if (PICTOGRAPH.test(character)) return EMOJI.test(character) ? 2 : 1;
  widths ??= load('get-east-asian-width') as typeof import('get-east-asian-width');
  return LONG_DASHES[character] ?? widths.eastAsianWidth(character.codePointAt(0) as number);
}

function isControl(cluster: string): boolean {
  return cluster.charCodeAt(0) < 0x20 || cluster.charCodeAt(0) === 0x7f;
}
