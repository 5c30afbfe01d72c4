import { type Document, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { Failure } from '../failures/failure';

/** Strings stay as they are written: nothing is read as a number or a date and written in another way. */
const AS_WRITTEN = { schema: 'failsafe', uniqueKeys: false, merge: false, logLevel: 'silent' } as const;

/**
 * Adds to a YAML text what it lacks of another: keys of mappings, and entries of lists. What is there already stays,
 * also where the other says something else; so do comments and order. Answers the text itself if it lacks nothing.
 *
 * @throws Failure config/yaml-syntax for a text that is no YAML
 */
export function mergeYaml(existing: string, wanted: string, file: string): string {
  const document = parseDocument(existing, AS_WRITTEN);
  refuseBroken(document, existing, file);
  const addition = parseDocument(wanted, AS_WRITTEN);
  if (addition.contents === null) return existing;
  if (document.contents === null) return `${existing}${wanted}`;
  if (!isMap(document.contents) || !isMap(addition.contents)) return existing;
  if (!mergeMap(document.contents, addition.contents)) return existing;
  return document.toString({ lineWidth: 0, indentSeq: indentsLists(existing) });
}

function refuseBroken(document: Document, text: string, file: string): void {
  const [error] = document.errors;
  if (error === undefined) return;
  const before = text.slice(0, error.pos[0]);
  throw new Failure({
    class: 'config',
    code: 'yaml-syntax',
    message: error.message.split('\n')[0] ?? 'this is no YAML',
    hint: 'mend the file, and run the generator again',
    location: { file, line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') },
  });
}

function mergeMap(target: YAMLMap, source: YAMLMap): boolean {
  let isChanged = false;
  for (const pair of source.items) {
    const existing = target.items.find(({ key }) => keyOf(key) === keyOf(pair.key));
    if (existing === undefined) {
      if (target.items.length === 0) target.flow = false;
      target.items.push(pair as Pair);
      isChanged = true;
    } else if (isEmpty(existing.value) && !isEmpty(pair.value)) {
      existing.value = pair.value;
      isChanged = true;
    } else if (mergeNode(existing.value as Node, pair.value as Node)) isChanged = true;
  }
  return isChanged;
}

function mergeNode(target: Node | null, source: Node | null): boolean {
  if (isMap(target) && isMap(source)) return mergeMap(target, source);
  if (!isSeq(target) || !isSeq(source)) return false;
  const known = new Set(target.items.map(keyOf));
  const missing = source.items.filter((item) => !known.has(keyOf(item)));
  target.items.push(...missing);
  return missing.length > 0;
}

function keyOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : JSON.stringify(node);
}

/** `key:` with nothing behind it. */
function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.source === '' && node.type === 'PLAIN');
}

function indentsLists(text: string): boolean {
  return !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text);
}
