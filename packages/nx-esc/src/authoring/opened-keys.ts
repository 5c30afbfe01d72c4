import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';

/** The key of `values` under which an environment opens a provider already, if it does so at the first level. */
export function keyOfProvider(text: string, provider: string): string | undefined {
  const values = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' }).get('values', true);
  if (!isMap(values)) return undefined;
  const found = values.items.find(({ value }) => isMap(value) && opens(value, provider));
  return found !== undefined && isScalar(found.key) ? String(found.key.value) : undefined;
}

function opens(map: YAMLMap, provider: string): boolean {
  return map.has(`fn::open::${provider}`);
}
