import { locateReferences } from '../../workspace/facts/locate-references';
import type { Place } from '../finding';
import type { SourceFile } from './source-file';

/** An output of another stack that a program asks for. */
export interface RequestedOutput {
  /** Name of the stack, as the program builds it: `acme/infra/${stack}`. */
  readonly stack: string;
  readonly output: string;
  readonly place: Place;
}

/** `const infra = `, up to the reference */
const ASSIGNED = /\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::[^=]+)?=\s*$/;
const GETTERS = '(?:getOutput|requireOutput|getOutputValue|requireOutputValue|getOutputDetails)';
const COMMENT = /^\s*(?:\/\/|\*|\/\*)/;

/**
 * The outputs that a program in TypeScript or JavaScript asks of the stack references that it keeps in a variable, by
 * names that are written out.
 */
export function requestedOutputs(source: SourceFile): RequestedOutput[] {
  const { file, text } = source;
  return locateReferences(file, text).flatMap(({ kind, to, line, column }) => {
    if (kind !== 'stack-reference') return [];
    const offset = source.offsetOf({ line, column });
    const variable = ASSIGNED.exec(text.slice(0, offset))?.[1];
    const receivers = variable === undefined ? [] : [`(?<![\\w$.])${variable.replaceAll('$', '\\$')}`];
    return receivers.flatMap((receiver) =>
      [
        ...text.matchAll(new RegExp(`${receiver}\\s*\\??\\.\\s*${GETTERS}\\s*\\(\\s*(["'\`])([\\w.-]+)\\1`, 'g')),
      ].flatMap(({ 0: match, 2: output = '', index }): RequestedOutput[] => {
        const at = index + match.length - output.length - 1;
        const place = source.placeAt(at, at + output.length);
        return COMMENT.test(source.lineAt(place.line) ?? '') ? [] : [{ stack: to, output, place }];
      }),
    );
  });
}
