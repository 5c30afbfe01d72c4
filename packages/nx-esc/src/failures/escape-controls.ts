/** C0 but for tab and newline, DEL, C1, and what turns the direction of a text or breaks its lines invisibly. */
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/**
 * Writes control characters of a text out, so that what comes from afar cannot move the cursor, recolour, rename or
 * reverse what a terminal shows (CVE-2021-42574).
 */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
