import type { Mark } from './reader';

export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';

/** A token that stands for nothing but its place in the grammar. */
export interface Indicator {
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
  readonly start: Mark;
  /** Where a node would stand that is missing after the token. */
  readonly end: Mark;
}

/** A token of the scanner of YAML 1.1. */
export type Token =
  | Indicator
  | { readonly type: 'version-directive'; readonly start: Mark; readonly version: string }
  | { readonly type: 'tag-directive'; readonly start: Mark; readonly handle: string; readonly prefix: string }
  | { readonly type: 'alias'; readonly start: Mark; readonly name: string }
  | { readonly type: 'anchor'; readonly start: Mark; readonly name: string }
  | { readonly type: 'tag'; readonly start: Mark; readonly handle: string; readonly suffix: string }
  | { readonly type: 'scalar'; readonly start: Mark; readonly value: string; readonly style: ScalarStyle };

export type TokenType = Token['type'];
