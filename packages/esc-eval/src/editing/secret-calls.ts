import { isMap, isScalar, isSeq, type Pair, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../diagnostics/diagnostic';
import { decodeUtf8 } from '../language/byte-string';
import { joinIndex, joinKey } from '../language/property-path';
import { composeDocument } from '../language/yaml/compose';
import { resolvePlainScalar } from '../language/yaml/scalar';
import { SourceText } from '../language/yaml/source-text';
import { columnOf, commentsIn, endOf, parseForEditing } from './node-text';

/** A call of `fn::secret` with a text or a ciphertext, and where it stands in the text of its document. */
export interface SecretCall {
  readonly kind: 'plaintext' | 'ciphertext';
  /** The text or the envelope. */
  readonly value: string;
  /** Path of the call in the document. */
  readonly path: string;
  readonly isFlow: boolean;
  /** Column of the key, 0-based: what replaces a block call's argument is indented by it. */
  readonly column: number;
  /** The whole call, brackets included where it has them. */
  readonly start: number;
  readonly end: number;
  /** Just behind the `:` of `fn::secret`, and the end of its argument without comments behind it. */
  readonly argumentStart: number;
  readonly argumentEnd: number;
  /** The comment behind the argument on its last line, with the space before it; empty where there is none. */
  readonly lineComment: string;
  /** Comments that stand within the argument, each with its `#`. */
  readonly comments: readonly string[];
}

/** A document whose secrets cannot be rewritten, because its text cannot be read. */
export class UnreadableDocumentError extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ summary }) => summary).join('; '));
  }
}

export interface SecretDocument {
  readonly text: string;
  readonly calls: readonly SecretCall[];
}

/**
 * Finds every well-formed call of `fn::secret` in a document, also outside of `values`.
 *
 * @throws UnreadableDocumentError where the YAML layer reports an error
 */
export function findSecretCalls(name: string, source: Uint8Array | string): SecretDocument {
  const text = typeof source === 'string' ? source : decodeUtf8(source);
  const { diagnostics } = composeDocument(new SourceText(name, text));
  if (diagnostics.length > 0) throw new UnreadableDocumentError(diagnostics);
  const document = parseForEditing(text);
  const calls: SecretCall[] = [];
  collect(document.contents as ParsedNode | null, '', text, calls);
  return { text, calls };
}

function collect(node: ParsedNode | null, path: string, text: string, calls: SecretCall[]): void {
  if (isSeq(node))
    node.items.forEach((item, index) => collect(item as ParsedNode, joinIndex(path, index), text, calls));
  if (!isMap(node)) return;
  const call = readCall(node, path, text);
  if (call !== undefined) calls.push(call);
  else {
    for (const { key, value } of node.items as readonly Pair<ParsedNode, ParsedNode | null>[]) {
      collect(value, isScalar(key) ? joinKey(path, key.source as string) : path, text, calls);
    }
  }
}

function readCall(node: YAMLMap.Parsed, path: string, text: string): SecretCall | undefined {
  const [pair] = node.items;
  if (pair === undefined || node.items.length !== 1 || !isScalar(pair.key) || pair.key.source !== 'fn::secret')
    return undefined;
  const argument = readArgument(pair.value as ParsedNode | null);
  if (argument === undefined) return undefined;
  const { key } = pair;
  const argumentStart = text.indexOf(':', key.range[1]) + 1;
  const argumentEnd = endOf(pair.value as ParsedNode, text);
  const keyStart = key.range[0];
  return {
    ...argument,
    path,
    isFlow: node.flow === true,
    column: columnOf(text, keyStart),
    start: node.range[0],
    end: node.range[1],
    argumentStart,
    argumentEnd,
    lineComment: /^[ \t]+#[^\r\n]*/.exec(text.slice(argumentEnd))?.[0] ?? '',
    comments: commentsIn(pair, text.slice(argumentStart, argumentEnd)),
  };
}

function readArgument(value: ParsedNode | null): Pick<SecretCall, 'kind' | 'value'> | undefined {
  if (isString(value)) return { kind: 'plaintext', value: value.source };
  if (!isMap(value) || value.items.length !== 1) return undefined;
  const { key, value: ciphertext } = value.items[0] as Pair<ParsedNode, ParsedNode | null>;
  if (!isScalar(key) || key.source !== 'ciphertext' || !isString(ciphertext)) return undefined;
  return { kind: 'ciphertext', value: ciphertext.source };
}

function isString(node: ParsedNode | null): node is Scalar.Parsed {
  if (!isScalar(node)) return false;
  if (node.tag !== undefined) return node.tag === 'tag:yaml.org,2002:str' || node.tag === '!';
  return node.type !== 'PLAIN' || resolvePlainScalar(node.source).kind === 'string';
}
