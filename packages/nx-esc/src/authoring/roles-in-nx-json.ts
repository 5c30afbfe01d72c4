import { applyEdits, modify, parse } from 'jsonc-parser';

/** The roles of an environment, as nx.json has them (docs/identity.md). */
export interface NamedRoles {
  /** `project/environment` */
  readonly name: string;
  readonly account: string;
  readonly region?: string;
  /** ARNs. */
  readonly deployRole: string;
  readonly readerRole?: string;
}

type Path = readonly (string | number)[];

/**
 * Writes roles into the options of the plugin in the text of nx.json; what else is there stays as it is, comments included.
 * Undefined where the plugin is not registered.
 */
export function withRolesInNxJson(text: string, environments: readonly NamedRoles[]): string | undefined {
  const at = pluginIndex(text);
  if (at < 0) return undefined;
  const plugin: unknown = valueAt(text, ['plugins', at]);
  let written = text;
  if (typeof plugin === 'string') written = withValue(written, ['plugins', at], { plugin, options: {} });
  for (const { name, ...roles } of environments) {
    const place = ['plugins', at, 'options', 'environments', name];
    for (const [key, value] of Object.entries(roles)) {
      const given = valueAt(written, [...place, key]);
      // A role with a duration or a policy of its own is an object.
      const path = typeof given === 'object' && given !== null ? [...place, key, 'role'] : [...place, key];
      written = withValue(written, path, value);
    }
  }
  return written;
}

function pluginIndex(text: string): number {
  const plugins = valueAt(text, ['plugins']);
  if (!Array.isArray(plugins)) return -1;
  return plugins.findIndex((entry: unknown) => {
    const name = typeof entry === 'string' ? entry : (entry as { readonly plugin?: unknown } | null)?.plugin;
    return name === 'nx-esc' || name === 'nx-esc/plugin';
  });
}

function valueAt(text: string, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Readonly<Record<string | number, unknown>> | undefined)?.[step],
    parse(text, [], { allowTrailingComma: true }),
  );
}

function withValue(text: string, path: Path, value: unknown): string {
  if (valueAt(text, path) === value) return text;
  const formattingOptions = { insertSpaces: true, tabSize: 2 };
  return applyEdits(text, modify(text, [...path], value, { formattingOptions }));
}
