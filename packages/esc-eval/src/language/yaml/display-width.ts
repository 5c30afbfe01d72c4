import { createRequire } from 'node:module';

/** Only texts that are not plain ASCII need these, and they take longer to load than an environment takes to open. */
const load = createRequire(__filename);
let segmenter: Intl.Segmenter | undefined;
let widths: typeof import('get-east-asian-width') | undefined;

const NON_ASCII = /[^\x00-\x7f]/;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u;
const EMOJI = /^\p{Emoji_Presentation}/u;
const REGIONAL_INDICATOR = /^\p{Regional_Indicator}/u;

/** Splits a text into extended grapheme clusters (Unicode Standard Annex 29). */
export function* graphemes(text: string): Iterable<string> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
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
