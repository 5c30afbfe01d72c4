import type { Mark } from './reader';

export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';

interface Span {
  readonly start: Mark;
  readonly end: Mark;
}

/** A token of the scanner of YAML 1.1. */
export type Token = Span &
  (
    | {
        readonly type:
          | 'stream-end'
          | 'document-start'
          | 'document-end'
          | 'block-sequence-start'
          | 'block-mapping-start'
          | 'block-end'
          | 'flow-sequence-start'
          | 'flow-sequence-end'
          | 'flow-mapping-start'
          | 'flow-mapping-end'
          | 'block-entry'
          | 'flow-entry'
          | 'key'
          | 'value';
      }
    | { readonly type: 'version-directive'; readonly version: string }
    | { readonly type: 'tag-directive'; readonly handle: string; readonly prefix: string }
    | { readonly type: 'alias'; readonly name: string }
    | { readonly type: 'anchor'; readonly name: string }
    | { readonly type: 'tag'; readonly handle: string; readonly suffix: string }
    | ScalarContent
  );

export interface ScalarContent {
  readonly type: 'scalar';
  readonly value: string;
  readonly style: ScalarStyle;
}

export type TokenType = Token['type'];
