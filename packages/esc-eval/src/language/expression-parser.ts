import type { Diagnostic, Severity } from '../diagnostics/diagnostic';
import type { DiagnosticCode } from '../diagnostics/codes';
import type { Position, Range } from '../diagnostics/range';
import { quote } from '../diagnostics/quote';
import type { Expression, InterpolationPart, ObjectEntry, ObjectLiteral, PropertyAccess } from './ast';
import { isBuiltinName } from './builtin-names';
import { decodeUtf8, encodeUtf8 } from './byte-string';
import { interpolationDiagnostic, parseInterpolation, type RangeOf } from './interpolation';
import { joinIndex, joinKey } from './property-path';
import { displayWidth, graphemes } from './yaml/display-width';
import type { YamlEntry, YamlMapping, YamlNode, YamlString } from './yaml/node';

/** Turns the nodes of a document into expressions (language reference, sections 6 and 7), collecting diagnostics. */
export class ExpressionParser {
  readonly diagnostics: Diagnostic[] = [];

  parse(node: YamlNode, path: string): Expression {
    switch (node.kind) {
      case 'string':
        return this.#string(node, path);
      case 'sequence':
        return {
          kind: 'array',
          range: node.range,
          path,
          elements: node.items.map((item, index) => this.parse(item, joinIndex(path, index))),
        };
      case 'mapping':
        return this.#mapping(node, path);
      default:
        return { ...node, path };
    }
  }

  /** Parses the mapping under `values`: its keys are raw, and calls are not allowed there. */
  parseValues(node: YamlMapping, path: string): ObjectLiteral {
    const entries = node.entries.map(({ key, value }): ObjectEntry => {
      const entryPath = joinKey(path, key.value);
      if (key.value.startsWith('fn::')) {
        const summary = `builtin function call ${quote(key.value)} not allowed at the top level`;
        this.report('error', 'builtin-at-top-level', summary, key.range, entryPath);
      }
      return { key: key.value, keyRange: key.range, path: entryPath, value: this.parse(value, entryPath) };
    });
    return { kind: 'object', range: node.range, path, entries };
  }

  report(severity: Severity, code: DiagnosticCode, summary: string, range: Range | null, path: string): void {
    this.diagnostics.push({ severity, code, summary, range, path });
  }

  #mapping(node: YamlMapping, path: string): Expression {
    const [only] = node.entries;
    if (only !== undefined && node.entries.length === 1) {
      const name = only.key.value;
      if (isBuiltinName(name)) {
        const argument = this.parse(only.value, joinKey(path, name));
        return { kind: 'call', range: node.range, path, name, nameRange: only.key.range, argument };
      }
      if (name.toLowerCase().startsWith('fn::')) {
        this.report('error', 'reserved-prefix', "'fn::' is a reserved prefix", only.key.range, path);
      }
    } else {
      this.#reportCallsAmongKeys(node, path);
    }
    return {
      kind: 'object',
      range: node.range,
      path,
      entries: node.entries.flatMap((entry) => this.#entry(entry, path)),
    };
  }

  #reportCallsAmongKeys(node: YamlMapping, path: string): void {
    for (const { key } of node.entries) {
      if (!key.value.startsWith('fn::')) continue;
      const summary = `illegal call to builtin function: ${quote(key.value)} must be the only key within its containing object`;
      this.report('error', 'builtin-not-alone', summary, node.range, path);
    }
  }

  #entry({ key, value }: YamlEntry, path: string): ObjectEntry[] {
    const entryPath = joinKey(path, key.value);
    const parsedKey = this.#string(key, entryPath);
    const parsedValue = this.parse(value, entryPath);
    if (parsedKey.kind !== 'string') {
      this.report('error', 'object-key-not-string', 'object keys must be strings', key.range, entryPath);
      return [];
    }
    return [{ key: parsedKey.value, keyRange: key.range, path: entryPath, value: parsedValue }];
  }

  #string(node: YamlString, path: string): Expression {
    const { range } = node;
    const { parts, problems } = parseInterpolation(node.value, rangeWithin(node));
    for (const problem of problems) this.diagnostics.push(interpolationDiagnostic(problem, range, path));
    const access = accessOf(parts);
    if (access !== undefined) return { kind: 'symbol', range, path, access };
    if (parts.some((part) => part.access !== undefined)) return { kind: 'interpolation', range, path, parts };
    return { kind: 'string', range, path, value: parts.map((part) => part.text).join(''), raw: node.value };
  }
}

function accessOf(parts: readonly InterpolationPart[]): PropertyAccess | undefined {
  const [only] = parts;
  return parts.length === 1 && only !== undefined && only.text === '' ? only.access : undefined;
}

/** Ranges within a scalar: bytes count as they stand, columns by the width that the text before them takes (section 3). */
function rangeWithin(node: YamlString): RangeOf {
  if (!node.isPlain) return () => null;
  const { begin } = node.range;
  const bytes = /^[\x20-\x7e]*$/.test(node.value) ? undefined : encodeUtf8(node.value);
  const at = (offset: number): Position => {
    const width = bytes === undefined ? offset : widthOf(decodeUtf8(bytes.subarray(0, offset)));
    return { line: begin.line, column: begin.column + width, byte: begin.byte + offset };
  };
  return (start, end) => ({ environment: node.range.environment, begin: at(start), end: at(end) }) as Range;
}

function widthOf(text: string): number {
  let width = 0;
  for (const cluster of graphemes(text)) width += displayWidth(cluster);
  return width;
}
