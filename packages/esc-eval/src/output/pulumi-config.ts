import { sortKeys } from '../language/byte-string';
import type { ExportedValue } from '../values/exported-value';
import { EscNumber } from '../values/number';
import { entriesOf } from './find-property';

/** A value of a stack's configuration. Strings may be secret; in structured ones, secret strings stay marked. */
export type PulumiConfigValue =
  | { readonly kind: 'text'; readonly text: string; readonly secret: boolean }
  | { readonly kind: 'structured'; readonly value: PulumiConfigNode };

export type PulumiConfigNode =
  | null
  | boolean
  | EscNumber
  | string
  | { readonly secret: string }
  | readonly PulumiConfigNode[]
  | ReadonlyMap<string, PulumiConfigNode>;

/**
 * The stack configuration under `pulumiConfig` (language reference, section 18.4): keys without a namespace belong to
 * the project, an unknown becomes `[unknown]`, null an empty text.
 */
export function pulumiConfigOf(root: ExportedValue, project: string): ReadonlyMap<string, PulumiConfigValue> {
  const entries = entriesOf(entriesOf(root).get('pulumiConfig'));
  return new Map(
    sortKeys(entries.keys()).map((key) => {
      const exported = entries.get(key) as ExportedValue;
      return [key.includes(':') ? key : `${project}:${key}`, configValue(exported)] as const;
    }),
  );
}

function configValue({ value, secret = false, unknown }: ExportedValue): PulumiConfigValue {
  if (unknown) return { kind: 'text', text: '[unknown]', secret: false };
  if (value === null) return { kind: 'text', text: '', secret: false };
  if (typeof value === 'string') return { kind: 'text', text: value, secret };
  if (typeof value === 'boolean') return { kind: 'text', text: String(value), secret: false };
  if (value instanceof EscNumber) return { kind: 'text', text: value.text, secret: false };
  return { kind: 'structured', value: configNode({ value, secret, trace: EMPTY_TRACE }) };
}

const EMPTY_TRACE = { def: { begin: { line: 0, column: 0, byte: 0 }, end: { line: 0, column: 0, byte: 0 } } };

function configNode({ value, secret = false, unknown }: ExportedValue): PulumiConfigNode {
  if (unknown) return '[unknown]';
  if (typeof value === 'string') return secret ? { secret: value } : value;
  if (Array.isArray(value)) {
    return (value as readonly ExportedValue[]).map((item) =>
      configNode({ ...item, secret: secret || item.secret === true }),
    );
  }
  if (value instanceof Map) {
    return new Map(
      [...(value as ReadonlyMap<string, ExportedValue>)].map(([key, item]) => [
        key,
        configNode({ ...item, secret: secret || item.secret === true }),
      ]),
    );
  }
  return value as null | boolean | EscNumber;
}
