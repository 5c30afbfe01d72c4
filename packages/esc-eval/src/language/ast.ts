import type { Range } from '../diagnostics/range';

/**
 * Strings of the language are byte strings (language reference, section 23.3). They are carried as JavaScript strings in
 * which a byte that is not valid UTF-8 stands as the lone surrogate U+DC00 + byte (as Python's surrogateescape does);
 * `byte-string.ts` has the conversions.
 */
export type ByteString = string;

/** One step of a property access. `range` is null where the scalar is quoted, folded or spans lines. */
export type Accessor =
  | { readonly kind: 'key'; readonly key: ByteString; readonly range: Range | null }
  | { readonly kind: 'index'; readonly index: number; readonly range: Range | null };

/** The steps between `${` and `}`; never empty. */
export interface PropertyAccess {
  readonly accessors: readonly Accessor[];
}

interface ExpressionBase {
  readonly range: Range;
  /** Path from the document's root, e.g. `values.a["b-c"][0]["fn::join"][1]`. */
  readonly path: string;
}

export interface NullLiteral extends ExpressionBase {
  readonly kind: 'null';
}
export interface BooleanLiteral extends ExpressionBase {
  readonly kind: 'boolean';
  readonly value: boolean;
}
/** `text` is the canonical decimal text of the number (language reference, section 2.2). */
export interface NumberLiteral extends ExpressionBase {
  readonly kind: 'number';
  readonly text: string;
}
/** A string without property accesses. `value` has `$$` unescaped; `raw` is the YAML scalar's own value. */
export interface StringLiteral extends ExpressionBase {
  readonly kind: 'string';
  readonly value: ByteString;
  readonly raw: ByteString;
}
/** `${a.b}` alone: keeps the type of what it names. */
export interface SymbolExpression extends ExpressionBase {
  readonly kind: 'symbol';
  readonly access: PropertyAccess;
}
/** Text and accesses in turn; text after the last access is a last part without access. */
export interface Interpolation extends ExpressionBase {
  readonly kind: 'interpolation';
  readonly parts: readonly InterpolationPart[];
}
export interface InterpolationPart {
  readonly text: ByteString;
  readonly access?: PropertyAccess;
}
export interface ArrayLiteral extends ExpressionBase {
  readonly kind: 'array';
  readonly elements: readonly Expression[];
}
/** Entries in document order, repeated keys included: which one counts is decided by evaluation. */
export interface ObjectLiteral extends ExpressionBase {
  readonly kind: 'object';
  readonly entries: readonly ObjectEntry[];
}
export interface ObjectEntry {
  /** The key after `$$` unescaping (nested keys) or raw (direct keys of `values`). */
  readonly key: ByteString;
  readonly keyRange: Range;
  /** Path of the key, which is that of the value. */
  readonly path: string;
  readonly value: Expression;
}
/**
 * A mapping whose single key is the name of a builtin function (`fn::join`, `fn::open::aws-secrets`, …). The shape of
 * `argument` is not checked here: functions/ knows what each function takes.
 */
export interface FunctionCall extends ExpressionBase {
  readonly kind: 'call';
  readonly name: string;
  readonly nameRange: Range;
  /** Parsed as any value; its path ends in `["fn::name"]`. */
  readonly argument: Expression;
}

export type Expression =
  | NullLiteral
  | BooleanLiteral
  | NumberLiteral
  | StringLiteral
  | SymbolExpression
  | Interpolation
  | ArrayLiteral
  | ObjectLiteral
  | FunctionCall;

export interface ImportDeclaration {
  readonly name: string;
  readonly merge: boolean;
  readonly range: Range;
  readonly path: string;
}

/** A parsed environment. `imports` holds usable entries only; `values` every direct key of `values`, repeats included. */
export interface EnvironmentDeclaration {
  readonly name: string;
  readonly imports: readonly ImportDeclaration[];
  /** Tells whether there is any entry under `imports`, well formed or not. */
  readonly hasImports: boolean;
  /** Null where the document has no `values` (or one that is no mapping). */
  readonly values: ObjectLiteral | null;
}
