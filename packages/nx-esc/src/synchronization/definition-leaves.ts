import { type Data, EscNumber, findSecretCalls, type SecretCall } from 'esc-eval';
import { isAlias, isMap, isScalar, isSeq, parseDocument, type ParsedNode } from 'yaml';

/** A part of a definition without parts of its own that count: a scalar, a list, or an empty map. */
export interface Leaf {
  readonly path: readonly string[];
  /** The same for leaves that mean the same; secrets stand in it as tokens. */
  readonly content: string;
  /** Secrets as in the content. */
  readonly data: Data;
}

/**
 * What a definition says, whoever wrote it down: its leaves by their paths. Layout, comments and the order of keys are not
 * in it, since the service keeps none of them when it encrypts a secret.
 */
export type Leaves = ReadonlyMap<string, Leaf>;

/** The text with each secret replaced by its token. */
export function maskSecrets(name: string, text: string, tokenOf: (call: SecretCall) => string): string {
  const { calls } = findSecretCalls(name, text);
  return [...calls]
    .sort((a, b) => b.argumentStart - a.argumentStart)
    .reduce((masked, call) => {
      const { argumentStart, argumentEnd } = call;
      return `${masked.slice(0, argumentStart)} '${tokenOf(call)}'${masked.slice(argumentEnd)}`;
    }, text);
}

/** @throws UnreadableDocumentError for a text that is no YAML */
export function leavesOf(name: string, text: string, tokenOf: (call: SecretCall) => string): Leaves {
  // Where versions of YAML disagree on what a plain scalar is, it is not the same as the text.
  const { contents } = parseDocument(maskSecrets(name, text, tokenOf), {
    schema: 'yaml-1.1',
    merge: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const leaves = new Map<string, Leaf>();
  if (contents !== null && !(isMap(contents) && contents.items.length === 0)) collect(contents, [], leaves);
  return leaves;
}

/** Tells whether a definition is as one that was just created: it has no values and no imports. */
export function holdNothing(leaves: Leaves): boolean {
  return [...leaves.values()].every(({ path, content }) => path.length <= 1 && /^(?:\{\}|\[\]|null)$/.test(content));
}

export function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

function collect(node: ParsedNode | null, path: readonly string[], leaves: Map<string, Leaf>): void {
  if (isMap(node) && node.items.length > 0) {
    for (const { key, value } of node.items)
      collect(value, [...path, isScalar(key) ? textOf(key) : String(key)], leaves);
    return;
  }
  const data = dataOf(node);
  leaves.set(keyOf(path), { path, content: contentOf(data), data });
}

function textOf({ value, source }: { readonly value: unknown; readonly source?: string }): string {
  return typeof value === 'string' ? value : (source ?? String(value));
}

function dataOf(node: ParsedNode | null): Data {
  if (isSeq(node)) return (node.items as ParsedNode[]).map(dataOf);
  if (isMap(node)) {
    return new Map(
      node.items.map(({ key, value }) => [isScalar(key) ? textOf(key) : String(key), dataOf(value)] as const),
    );
  }
  if (isAlias(node)) return new EscNumber(`*${node.source}`);
  if (!isScalar(node) || node.value === null) return null;
  const { value, source } = node;
  if (typeof value === 'string') return value;
  if (source === 'true' || source === 'false') return source === 'true';
  // It is written as it stands here.
  return new EscNumber(source);
}

function contentOf(data: Data): string {
  if (data instanceof EscNumber) return data.text;
  if (Array.isArray(data)) return `[${(data as readonly Data[]).map(contentOf).join()}]`;
  if (!(data instanceof Map)) return JSON.stringify(data);
  const entries = [...(data as ReadonlyMap<string, Data>)].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${contentOf(value)}`).join()}}`;
}
