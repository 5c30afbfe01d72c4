import type { Range } from '../../diagnostics/range';
import type { ByteString } from '../ast';

interface NodeBase {
  readonly range: Range;
}

export interface YamlNull extends NodeBase {
  readonly kind: 'null';
}
export interface YamlBoolean extends NodeBase {
  readonly kind: 'boolean';
  readonly value: boolean;
}
export interface YamlNumber extends NodeBase {
  readonly kind: 'number';
  readonly text: string;
}
export interface YamlString extends NodeBase {
  readonly kind: 'string';
  readonly value: ByteString;
  /** Whether the text stands in the source without quotes, block style or tag. */
  readonly isPlain: boolean;
}
export interface YamlSequence extends NodeBase {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
}
export interface YamlMapping extends NodeBase {
  readonly kind: 'mapping';
  readonly entries: readonly YamlEntry[];
}
export interface YamlEntry {
  readonly key: YamlString;
  readonly value: YamlNode;
}

/** A node of a document after scalar resolution; aliases and keys that are no strings never get this far. */
export type YamlNode = YamlNull | YamlBoolean | YamlNumber | YamlString | YamlSequence | YamlMapping;
export type YamlScalar = YamlNull | YamlBoolean | YamlNumber | YamlString;
