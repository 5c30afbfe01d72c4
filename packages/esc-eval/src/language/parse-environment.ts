import type { Diagnostic } from '../diagnostics/diagnostic';
import { quote } from '../diagnostics/quote';
import { sortByDistance } from '../diagnostics/nearest';
import type { EnvironmentDeclaration, Expression, ImportDeclaration, ObjectLiteral } from './ast';
import { decodeUtf8 } from './byte-string';
import { ExpressionParser } from './expression-parser';
import { joinIndex, joinKey } from './property-path';
import { composeDocument } from './yaml/compose';
import type { YamlEntry, YamlNode, YamlMapping } from './yaml/node';
import { SourceText } from './yaml/source-text';

export interface ParsedEnvironment {
  /** Null where the YAML layer reports an error: nothing of such a document can be evaluated. */
  readonly declaration: EnvironmentDeclaration | null;
  /** The description, `merge` that is no boolean, `values` that later ones replace: not evaluated, but their calls are checked. */
  readonly unused: readonly Expression[];
  readonly diagnostics: readonly Diagnostic[];
}

const FIELDS = ['description', 'imports', 'values'];

/**
 * Parses the text of an environment (language reference, sections 2 to 7). Everything wrong with it is a diagnostic;
 * what can be kept is kept. `name` becomes the environment of every range.
 */
export function parseEnvironment(name: string, text: Uint8Array | string): ParsedEnvironment {
  const source = new SourceText(name, typeof text === 'string' ? text : decodeUtf8(text));
  const { root, isBlank, diagnostics } = composeDocument(source);
  if (diagnostics.length > 0) return { declaration: null, unused: [], diagnostics };
  if (isBlank) return { declaration: { name, imports: [], hasImports: false, values: null }, unused: [], diagnostics };
  const isNothing = root === null || root.kind === 'null';
  if (isNothing || root.kind !== 'mapping') {
    const parser = new ExpressionParser();
    parser.report('error', 'document-not-object', 'environment must be an object', isNothing ? null : root.range, '');
    return { declaration: null, unused: [], diagnostics: parser.diagnostics };
  }
  return new DocumentParser(name).parse(root);
}

class DocumentParser {
  readonly #expressions = new ExpressionParser();
  #imports: ImportDeclaration[] = [];
  #hasImports = false;
  #values: ObjectLiteral | null = null;
  readonly #unused: Expression[] = [];

  constructor(readonly name: string) {}

  parse(root: YamlMapping): ParsedEnvironment {
    const seen = new Set<string>();
    for (const entry of root.entries) {
      const key = entry.key.value;
      const path = joinKey('', key);
      if (seen.has(key)) this.#duplicate(entry.key, path);
      seen.add(key);
      this.#field(entry, path);
    }
    return {
      declaration: {
        name: this.name,
        imports: this.#imports,
        hasImports: this.#hasImports,
        values: this.#values,
      },
      unused: this.#unused,
      diagnostics: this.#expressions.diagnostics,
    };
  }

  #field({ key, value }: YamlEntry, path: string): void {
    switch (key.value.toLowerCase()) {
      case 'description':
        this.#description(value, path);
        return;
      case 'imports':
        this.#imports = value.kind === 'sequence' ? this.#importList(value.items, path) : [];
        this.#hasImports = value.kind === 'sequence' && value.items.length > 0;
        if (value.kind !== 'sequence') this.#fieldType(value, 'imports must be a list', path);
        return;
      case 'values':
        if (this.#values !== null) this.#unused.push(this.#values);
        this.#values = value.kind === 'mapping' ? this.#expressions.parseValues(value, path) : null;
        if (value.kind !== 'mapping') this.#fieldType(value, 'values must be an object', path);
        return;
      default:
        this.#unknownField(key.value, key.range, path);
    }
  }

  #description(value: YamlNode, path: string): void {
    const description = this.#expressions.parse(value, path);
    this.#unused.push(description);
    if (description.kind !== 'string') this.#fieldType(value, 'description must be a string', path);
  }

  #fieldType(value: YamlNode, summary: string, path: string): void {
    this.#expressions.report('error', 'field-type', summary, value.range, path);
  }

  #unknownField(key: string, range: YamlNode['range'], path: string): void {
    const fields = sortByDistance(
      key,
      FIELDS.map((field) => `'${field}'`),
    ).join(', ');
    const summary = `Field '${key}' does not exist on Object 'environment'. Existing fields are: ${fields}`;
    this.#expressions.report('warning', 'unknown-field', summary, range, path);
  }

  #importList(items: readonly YamlNode[], path: string): ImportDeclaration[] {
    return items.flatMap((item, index) => {
      const itemPath = joinIndex(path, index);
      if (item.kind === 'string') return [{ name: item.value, merge: true, range: item.range, path: itemPath }];
      if (item.kind === 'mapping') return this.#importObject(item, itemPath);
      this.#importSyntax(item, 'import must be a string or an object', itemPath);
      return [];
    });
  }

  #importObject(item: YamlMapping, path: string): ImportDeclaration[] {
    const [entry] = item.entries;
    if (entry === undefined || item.entries.length !== 1) {
      this.#importSyntax(item, 'import must have a single key', path);
      return [];
    }
    const metaPath = joinKey(path, entry.key.value);
    const { value: name, range } = entry.key;
    return [{ name, merge: this.#merge(entry.value, metaPath), range, path: metaPath }];
  }

  #merge(meta: YamlNode, path: string): boolean {
    if (meta.kind !== 'mapping') {
      this.#importSyntax(meta, 'import must be an object', path);
      return true;
    }
    let merge = true;
    const seen = new Set<string>();
    for (const { key, value } of meta.entries) {
      if (seen.has(key.value)) this.#duplicate(key, joinKey(path, key.value));
      seen.add(key.value);
      if (key.value.toLowerCase() !== 'merge') continue;
      merge = value.kind === 'boolean' && value.value;
      if (value.kind === 'boolean') continue;
      const mergePath = joinKey(path, key.value);
      this.#unused.push(this.#expressions.parse(value, mergePath));
      this.#importSyntax(value, 'merge must be a boolean value', mergePath);
    }
    return merge;
  }

  #duplicate({ value, range }: YamlEntry['key'], path: string): void {
    this.#expressions.report('warning', 'duplicate-field', `duplicate key ${quote(value)}`, range, path);
  }

  #importSyntax(node: YamlNode, summary: string, path: string): void {
    this.#expressions.report('error', 'import-syntax', summary, node.range, path);
  }
}
