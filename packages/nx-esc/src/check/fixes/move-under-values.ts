import { hasErrors, parseEnvironment } from 'esc-eval';
import type { Fix, TextEdit } from '../finding';

const FIELDS = new Set(['description', 'imports', 'values']);
const KEY = /^([A-Za-z_][\w-]*):(?:\s|$)/;

/** A key at the left margin, with the lines that belong to it. */
interface Section {
  readonly key: string;
  readonly line: number;
  /** Line after the last one of the key's value, comments and blank lines behind it left out. */
  readonly end: number;
}

/**
 * Indents a key that fell out of `values`, where that is all it takes: it stands behind `values` (or behind others that
 * fell out of it too), or there is no `values` yet. `line` is the key's, 1-based.
 */
export function moveUnderValues(text: string, key: string, line: number): Fix | undefined {
  if (text.includes('\r') || text.includes('\t')) return undefined;
  const lines = text.split('\n');
  const sections = sectionsOf(lines);
  const index = sections.findIndex((section) => section.line === line - 1 && section.key === key);
  const section = sections[index];
  if (section === undefined || sections.filter((other) => other.key === key).length > 1) return undefined;
  const valuesIndex = sections.findIndex((other) => other.key === 'values');
  const between = sections.slice(valuesIndex + 1, index);
  const isBehindValues = valuesIndex >= 0 && valuesIndex < index && between.every((other) => !FIELDS.has(other.key));
  const isFirstWithoutValues = valuesIndex < 0 && sections.every((other, at) => at >= index || FIELDS.has(other.key));
  if (!isBehindValues && !isFirstWithoutValues) return undefined;
  const indent = isBehindValues ? indentBeneath(lines, sections[valuesIndex] as Section) : 2;
  if (indent === undefined) return undefined;
  const moved = isBehindValues ? [section] : followers(sections, index);
  const edits: TextEdit[] = moved.flatMap((each) => indentEdits(lines, each, indent));
  if (isFirstWithoutValues) {
    const at = offsetOf(lines, section.line);
    edits.splice(0, 1, { start: at, end: at, text: `values:\n${' '.repeat(indent)}` });
  }
  return isSound(text, edits, moved)
    ? { description: `put ${moved.map((each) => each.key).join(', ')} under values`, edits }
    : undefined;
}

/** A document without `values` gets one for all keys that follow. */
function followers(sections: readonly Section[], index: number): Section[] {
  const rest = sections.slice(index);
  const end = rest.findIndex(({ key }) => FIELDS.has(key));
  return end < 0 ? rest : rest.slice(0, end);
}

function sectionsOf(lines: readonly string[]): Section[] {
  const starts = lines.flatMap((text, line) => {
    const key = KEY.exec(text)?.[1];
    return key === undefined ? [] : [{ key, line }];
  });
  return starts.map(({ key, line }, index) => {
    let end = starts[index + 1]?.line ?? lines.length;
    while (end > line + 1 && /^(?:#.*|\s*)$/.test(lines[end - 1] as string)) end -= 1;
    return { key, line, end };
  });
}

/** How far the keys of a block mapping are indented; undefined for any other value. */
function indentBeneath(lines: readonly string[], { line, end }: Section): number | undefined {
  if (!/^values:\s*(?:#.*)?$/.test(lines[line] as string)) return undefined;
  const first = lines.slice(line + 1, end).find((text) => /^ *[^\s#]/.test(text));
  const indent = first?.search(/\S/) ?? 2;
  return indent > 0 ? indent : undefined;
}

function indentEdits(lines: readonly string[], { line, end }: Section, indent: number): TextEdit[] {
  const edits: TextEdit[] = [];
  for (let at = line; at < end; at += 1) {
    if (/^\s*$/.test(lines[at] as string)) continue;
    const start = offsetOf(lines, at);
    edits.push({ start, end: start, text: ' '.repeat(indent) });
  }
  return edits;
}

function offsetOf(lines: readonly string[], line: number): number {
  let offset = 0;
  for (let at = 0; at < line; at += 1) offset += (lines[at] as string).length + 1;
  return offset;
}

/** Tells whether the keys stand under `values` then, with all that was in them, and nothing else is another. */
function isSound(text: string, edits: readonly TextEdit[], moved: readonly Section[]): boolean {
  const before = parseEnvironment('', text);
  const after = parseEnvironment('', applyEdits(text, edits));
  if (hasErrors(before.diagnostics) || hasErrors(after.diagnostics)) return false;
  const keys = after.declaration?.values?.entries.map(({ key }) => key) ?? [];
  const kept = before.declaration?.values?.entries.map(({ key }) => key) ?? [];
  return (
    keys.length === new Set(keys).size &&
    keys.length === kept.length + moved.length &&
    kept.every((key) => keys.includes(key)) &&
    moved.every(({ key }) => keys.includes(key))
  );
}

/** Puts edits that do not overlap into a text. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: inserted } of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + inserted;
    at = end;
  }
  return result + text.slice(at);
}
