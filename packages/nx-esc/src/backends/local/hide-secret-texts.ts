const CALL = /^(.*?["']?fn::secret["']?\s*:)(.*)$/;
const ENTRY = /^\s*(?:- |["']?[\w.:/-]+["']?\s*:(?:\s|$)|#|$)/;
const MASK = ' [secret]';

/**
 * Hides the plain texts of `fn::secret` in a source that is to be shown, line by line: it may be so broken that nothing
 * else can be read from it. What follows the call is hidden to the end of its line, and so are the lines beneath that
 * are indented further, or that are no entry: a key that was pasted without its indentation.
 */
export function hideSecretTexts(source: string): string {
  let hiddenBeyond = -1;
  const lines = source.split('\n').map((line) => {
    const indentation = line.length - line.trimStart().length;
    if (line.trim() === '') return line;
    if (hiddenBeyond >= 0 && (indentation > hiddenBeyond || !ENTRY.test(line)))
      return `${line.slice(0, indentation)}${MASK.trim()}`;
    hiddenBeyond = -1;
    const [, before, after] = CALL.exec(line) ?? [];
    if (before === undefined || after === undefined) return line;
    hiddenBeyond = indentation;
    return after.trim() === '' ? line : `${before}${MASK}`;
  });
  return lines.join('\n');
}
