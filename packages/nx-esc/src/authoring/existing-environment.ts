import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml';

/** What an environment says already, as far as an addition must fit it. */
export interface ExistingEnvironment {
  /** Key of `values` under which it opens stacks; `infra` where it opens none. */
  readonly stacksKey: string;
  /** Key of `values` under which it opens secrets; `secrets` where it opens none. */
  readonly secretsKey: string;
  /** Its variables, as they are written. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Reads the text of an environment; what is broken counts as missing. */
export function readExistingEnvironment(text: string): ExistingEnvironment {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  const values: unknown = isMap(document.contents) ? document.get('values', true) : undefined;
  const map = isMap(values) ? values : undefined;
  const variables: unknown = map?.get('environmentVariables', true);
  return {
    stacksKey: keyOfProvider(map, 'pulumi-stacks') ?? 'infra',
    secretsKey: keyOfProvider(map, 'aws-secrets') ?? 'secrets',
    variables: new Map(isMap(variables) ? variables.items.map(({ key, value }) => [textOf(key), textOf(value)]) : []),
  };
}

function keyOfProvider(values: YAMLMap | undefined, provider: string): string | undefined {
  const found = values?.items.find(({ value }) => isMap(value) && value.has(`fn::open::${provider}`));
  return found === undefined ? undefined : textOf(found.key);
}

function textOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : '';
}
