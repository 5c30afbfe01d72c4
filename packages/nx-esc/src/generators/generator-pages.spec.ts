import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addProjectConfiguration, type GeneratorCallback, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';

/** The commands on the page of each generator write what the page says. */
const PACKAGE = resolve(__dirname, '../..');
const PAGES = resolve(PACKAGE, '../../docs/generators');
/** What it writes is on the pages of those that it keeps in step. */
const ELSEWHERE = new Set(['sync']);

interface Schema {
  readonly properties: Readonly<Record<string, { readonly type?: string; readonly $default?: unknown }>>;
}
type Generate = (tree: Tree, options: Record<string, unknown>) => Promise<GeneratorCallback | void>;

const { generators } = JSON.parse(readFileSync(join(PACKAGE, 'generators.json'), 'utf8')) as {
  generators: Record<string, { schema: string }>;
};
const names = Object.keys(generators).filter((name) => !ELSEWHERE.has(name));

function createWorkspace(): Tree {
  const tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: {} });
  tree.write('apps/infra/Pulumi.yaml', 'name: infra\nruntime: nodejs\n');
  tree.write('apps/infra/Pulumi.staging.yaml', '');
  tree.write('apps/infra/index.ts', 'export const service_name = "infra";\n');
  return tree;
}

/** Runs `nx g nx-esc:<name> <positional> --option=value …`. */
async function run(tree: Tree, command: string): Promise<void> {
  const [, name = '', line = ''] = /^nx g nx-esc:(\S+) ?(.*)$/.exec(command) ?? [];
  const { schema: file } = generators[name] ?? { schema: 'missing' };
  const { properties } = JSON.parse(readFileSync(join(PACKAGE, file), 'utf8')) as Schema;
  const options: Record<string, unknown> = {};
  for (const word of line.split(' ').filter(Boolean)) {
    const [, option, value = ''] = /^--(\w+)=(.*)$/.exec(word) ?? [];
    const key = option ?? Object.keys(properties).find((each) => properties[each]?.$default !== undefined) ?? '';
    const property = properties[key];
    if (property === undefined) throw new Error(`nx-esc:${name} has no option ${key}`);
    const text = option === undefined ? word : value;
    options[key] =
      property.type === 'array' ? [...((options[key] as string[] | undefined) ?? []), ...text.split(',')] : text;
  }
  const { default: generate } = (await import(`./${name}/generator`)) as { default: Generate };
  await generate(tree, options);
}

/** Prettier moves what stands in a page to the margin. */
const withoutIndent = (text: string): string => text.replaceAll(/^ +/gm, '');

test.each(names)('the page of %s is true', async (name) => {
  const page = readFileSync(join(PAGES, `${name}.md`), 'utf8');
  const blocks = [...page.matchAll(/^```(\w+)(?: file=(\S+))?\n([^]*?)^```$/gm)];
  const tree = createWorkspace();
  if (name === 'stack') await run(tree, 'nx g nx-esc:environment api');
  if (name === 'oidc') await run(tree, 'nx g nx-esc:init');
  for (const [, language, file, text = ''] of blocks) {
    if (language === 'sh') for (const command of text.trim().split('\n')) await run(tree, command);
    else if (file !== undefined) expect(withoutIndent(tree.read(file, 'utf8') ?? '')).toContain(withoutIndent(text));
  }
  expect(blocks.some(([, , file]) => file !== undefined)).toBe(true);
});

test('each page is of a generator', () => {
  for (const page of readdirSync(PAGES)) expect(generators).toHaveProperty(page.replace(/\.md$/, ''));
});
