import { EscNumber, type ExportedValue, pulumiConfigOf, type PulumiConfigNode, type PulumiConfigValue } from 'esc-eval';
import { isMap, isScalar, stringify } from 'yaml';
import type { SecretEncrypter } from './secret-encrypter';
import type { StackFile } from './stack-file';

export interface ConfigFileRequest {
  readonly stackFile: StackFile;
  /** The opened environment; undefined without one. */
  readonly root: ExportedValue | undefined;
  /** Name in Pulumi.yaml: the namespace of keys that have none. */
  readonly projectName: string;
  readonly encrypt: SecretEncrypter;
}

/**
 * Renders the configuration that `pulumi` is given instead of the user's own file: the same without `environment:`, with
 * the environment's `pulumiConfig` beneath the stack's own values (language reference, section 18.4). Objects in both
 * are merged. Secrets are encrypted before the text is made.
 */
export async function renderConfigFile({ stackFile, root, projectName, encrypt }: ConfigFileRequest): Promise<string> {
  const own = (stackFile.document.toJS({ maxAliasCount: 100 }) ?? {}) as Record<string, unknown>;
  const { environment: _environment, config, ...rest } = own;
  const merged: Record<string, unknown> = {};
  for (const [key, value] of root === undefined ? [] : pulumiConfigOf(root, projectName)) {
    merged[key] = await renderValue(value, encrypt);
  }
  for (const [key, value] of Object.entries((config ?? {}) as Record<string, unknown>)) {
    const qualified = key.includes(':') ? key : `${projectName}:${key}`;
    merged[qualified] = mergeOver(merged[qualified], value);
  }
  return stringify({ ...rest, ...(Object.keys(merged).length > 0 && { config: merged }) });
}

async function renderValue(value: PulumiConfigValue, encrypt: SecretEncrypter): Promise<unknown> {
  if (value.kind === 'structured') return renderNode(value.value, encrypt);
  return value.secret ? { secure: await encrypt(value.text) } : value.text;
}

async function renderNode(node: PulumiConfigNode, encrypt: SecretEncrypter): Promise<unknown> {
  if (node instanceof EscNumber) return Number(node.text);
  if (Array.isArray(node)) return Promise.all(node.map((item: PulumiConfigNode) => renderNode(item, encrypt)));
  if (node instanceof Map) {
    const entries: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const [key, item] of node) entries[key] = await renderNode(item, encrypt);
    return entries;
  }
  if (typeof node === 'object' && node !== null) return { secure: await encrypt((node as { secret: string }).secret) };
  return node;
}

function mergeOver(base: unknown, top: unknown): unknown {
  if (!isPlainObject(base) || !isPlainObject(top) || 'secure' in base || 'secure' in top) return top;
  const merged = { ...base };
  for (const [key, value] of Object.entries(top)) merged[key] = mergeOver(base[key], value);
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The salt of the passphrase that a stack's configuration is encrypted with; undefined for other secrets providers. */
export function encryptionSaltOf({ document }: StackFile): string | undefined {
  if (!isMap(document.contents) || document.get('secretsprovider') !== undefined) return undefined;
  const salt: unknown = document.get('encryptionsalt', true);
  return isScalar(salt) && typeof salt.value === 'string' ? salt.value : undefined;
}
