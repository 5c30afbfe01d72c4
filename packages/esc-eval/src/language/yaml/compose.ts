import type { Diagnostic } from '../../diagnostics/diagnostic';
import type { Position, Range } from '../../diagnostics/range';
import { byteLength } from '../byte-string';
import { joinIndex, joinKey } from '../property-path';
import { NestingError } from './depth';
import type { YamlEntry, YamlNode, YamlScalar, YamlString } from './node';
import { parseFirstDocument, type SyntaxNode } from './parser';
import type { Mark } from './reader';
import { isTimestamp, type ResolvedScalar, resolvePlainScalar } from './scalar';
import { type SourceText } from './source-text';
import { YamlSyntaxError } from './syntax-error';
import { findUnreadable, UnreadableError } from './unreadable';

export interface ComposedDocument {
  /** Null where the document is empty or an error makes it useless. */
  readonly root: YamlNode | null;
  /** The document has no bytes at all, which is an empty object rather than a fault (language reference, section 2). */
  readonly isBlank: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the first document of a text as go-yaml does; never throws for what the text holds. */
export function composeDocument(source: SourceText): ComposedDocument {
  if (source.text === '') return { root: null, isBlank: true, diagnostics: [] };
  let document: SyntaxNode | undefined;
  try {
    document = parseFirstDocument(source.text, findUnreadable(source.text));
  } catch (error) {
    if (error instanceof YamlSyntaxError) return failed(error.message, source, positionOf(error.mark, source));
    if (error instanceof UnreadableError) return failed(error.message, source, source.positionAt(error.at));
    if (!(error instanceof NestingError)) throw error;
    return useless({ code: 'limit-exceeded', summary: error.message });
  }
  if (document === undefined) return { root: null, isBlank: false, diagnostics: [] };
  const composer = new NodeComposer(source);
  const root = composer.compose(document, '');
  return { root: composer.diagnostics.length > 0 ? null : root, isBlank: false, diagnostics: composer.diagnostics };
}

function failed(summary: string, source: SourceText, at: Position): ComposedDocument {
  return useless({ code: 'yaml-syntax', summary, place: source.rangeOf(at, at) });
}

function useless(fault: Pick<Diagnostic, 'code' | 'summary' | 'place'>): ComposedDocument {
  return { root: null, isBlank: false, diagnostics: [{ severity: 'error', range: null, path: '', ...fault }] };
}

function positionOf({ line, column }: Mark, source: SourceText): Position {
  return source.at(line + 1, column + 1);
}

/** Tags that a scalar must fit. */
const CASTS = new Set(['!!null', '!!bool', '!!int', '!!float', '!!timestamp']);

function tagOf(scalar: ResolvedScalar): string {
  switch (scalar.kind) {
    case 'null':
      return '!!null';
    case 'boolean':
      return '!!bool';
    case 'number':
      return scalar.isInteger ? '!!int' : '!!float';
    case 'string':
      return '!!str';
  }
}

type ScalarSyntax = SyntaxNode & { readonly kind: 'scalar' };

class NodeComposer {
  readonly diagnostics: Diagnostic[] = [];

  constructor(readonly source: SourceText) {}

  compose(node: SyntaxNode, path: string): YamlNode {
    const begin = positionOf(node.begin, this.source);
    switch (node.kind) {
      case 'alias':
        return this.#alias(node.name, begin, path);
      case 'mapping':
        return this.#mapping(node.pairs, begin, path);
      case 'sequence':
        return this.#sequence(node.items, begin, path);
      case 'scalar':
        return this.#scalar(node, begin, path);
    }
  }

  #alias(name: string, begin: Position, path: string): YamlNode {
    const range = this.source.rangeOf(begin, this.source.at(begin.line, begin.column + byteLength(name)));
    this.#report('yaml-alias', 'alias nodes are not supported', range, path);
    return { kind: 'null', range };
  }

  #mapping(pairs: (SyntaxNode & { kind: 'mapping' })['pairs'], begin: Position, path: string): YamlNode {
    const entries: YamlEntry[] = [];
    for (const [keyNode, valueNode] of pairs) {
      const key = this.compose(keyNode, path);
      const entryPath = keyNode.kind === 'scalar' ? joinKey(path, keyNode.value) : path;
      if (key.kind !== 'string' && keyNode.kind !== 'alias')
        this.#report('yaml-key-not-string', 'mapping keys must be strings', key.range, entryPath);
      const value = this.compose(valueNode, entryPath);
      if (key.kind === 'string') entries.push({ key, value });
    }
    const end = entries.at(-1)?.value.range.end ?? begin;
    return { kind: 'mapping', entries, range: this.source.rangeOf(begin, end) };
  }

  #sequence(nodes: readonly SyntaxNode[], begin: Position, path: string): YamlNode {
    const items = nodes.map((node, index) => this.compose(node, joinIndex(path, index)));
    return { kind: 'sequence', items, range: this.source.rangeOf(begin, items.at(-1)?.range.end ?? begin) };
  }

  #scalar(node: ScalarSyntax, begin: Position, path: string): YamlScalar {
    const { value, style, tag } = node;
    const isTagged = tag !== undefined && tag !== '!';
    const range = this.source.rangeOf(begin, this.#scalarEnd(node, begin, isTagged));
    const string: YamlString = { kind: 'string', range, value, isPlain: style === 'plain' && !isTagged };
    if (isTagged) return this.#tagged(value, tag, range, path) ?? string;
    if (style !== 'plain') return string;
    const resolved = resolvePlainScalar(value);
    switch (resolved.kind) {
      case 'string':
        return string;
      case 'number':
        return { kind: 'number', text: resolved.text, range };
      default:
        return { ...resolved, range };
    }
  }

  /** Casts by an explicit tag of YAML's own; answers undefined where the scalar stays a string. */
  #tagged(text: string, tag: string, range: Range, path: string): YamlScalar | undefined {
    if (tag === '!!binary' && !isBase64(text))
      this.#report('yaml-tag-cast', 'yaml: !!binary value contains invalid base64 data', range, path);
    if (!CASTS.has(tag)) return undefined;
    const resolved = resolvePlainScalar(text);
    const found = tagOf(resolved);
    if (tag === '!!timestamp' && isTimestamp(text)) return undefined;
    if (found === tag || (tag === '!!float' && found === '!!int')) return { ...resolved, range } as YamlScalar;
    this.#report('yaml-tag-cast', `yaml: cannot decode ${found} \`${text}\` as a ${tag}`, range, path);
    return undefined;
  }

  #scalarEnd({ value, style, tag }: ScalarSyntax, begin: Position, isTagged: boolean): Position {
    if (style === 'literal' && !isTagged) {
      const lastBreak = value.lastIndexOf('\n');
      const lines = lastBreak < 0 ? 0 : value.split('\n').length - 1;
      return this.source.at(begin.line + lines, begin.column + byteLength(value.slice(lastBreak + 1)));
    }
    const width = isTagged && style === 'plain' ? (tag as string).length + 1 : 0;
    return this.source.at(begin.line, begin.column + byteLength(value) + width);
  }

  #report(code: Diagnostic['code'], summary: string, range: Range, path: string): void {
    this.diagnostics.push({ severity: 'error', code, summary, range, path });
  }
}

function isBase64(text: string): boolean {
  const digits = text.replace(/[\r\n]/g, '');
  return digits.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(digits);
}
