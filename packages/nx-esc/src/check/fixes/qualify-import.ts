import { parseEnvironment, type Range } from 'esc-eval';
import { accessesIn, stepsOf } from '../reading/declared-values';
import { SourceFile } from '../reading/source-file';
import type { Fix } from '../finding';

/**
 * Writes an import by its whole name. Nothing is changed where `${imports.<name>…}` uses the name that is written, or
 * where the text between quotes is not simply the name.
 */
export function qualifyImport(text: string, name: string, qualified: string, range: Range): Fix | undefined {
  const { declaration } = parseEnvironment(qualified, text);
  for (const { access } of accessesIn(declaration)) {
    const [root, imported] = stepsOf(access);
    if (root === 'imports' && (imported === undefined || imported === name)) return undefined;
  }
  if (declaration?.imports.some((imported) => imported.name === qualified) !== false) return undefined;
  const source = new SourceFile('', text);
  const edits = declaration.imports
    .filter((imported) => imported.name === name)
    .flatMap(({ range: { begin } }) => {
      const start = source.offsetOf(begin);
      const quote = /["']/.exec(text[start] ?? '')?.[0] ?? '';
      if (!text.startsWith(`${quote}${name}${quote}`, start)) return [];
      const at = start + quote.length;
      return [{ start: at, end: at + name.length, text: qualified }];
    });
  // The name may stand in the text of a call alone, which is no import of this document.
  const isHere = declaration.imports.some((imported) => imported.range.begin.line === range.begin.line);
  return edits.length === 0 || !isHere ? undefined : { description: `write ${qualified}`, edits };
}
