import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addProjectConfiguration, type GeneratorCallback, logger, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { parseDocument } from 'yaml';

/** Every text that a generator asks for, answered with what no name should be. */
const PACKAGE = resolve(__dirname, '../..');
const HOSTILE = [
  ...['', ' ', 'a b', ' api', 'api ', "it's", '"quoted"', 'a\nb: c', 'a\r\nb', 'a\tb', 'a\u0000b', '\u001b[31mred'],
  ...['$(touch pwned)', '`touch pwned`', '; touch pwned', '${secrets}', '%s', '| tee pwned', '&& touch pwned'],
  ...['.', '..', '../api', '../../etc/passwd', '/etc/passwd', 'a/../b', 'a//b', 'C:\\windows', 'a\\b', '~/x'],
  ...[
    '-rf',
    '--help',
    '*',
    '?',
    '#',
    '# a',
    'a: b',
    '[a]',
    '{a}',
    '&a',
    '!a',
    '@a',
    '%a',
    'a=b=c',
    'a#b#c',
    '=',
    '#x',
    'x#',
  ],
  ...['ünïcödé', '名前', '🙂', 'a\u202eb', 'x'.repeat(200), 'x'.repeat(10_000)],
  ...['null', 'true', '1', '1e3', '0x10', '2026-01-01', 'fn::open', 'fn::secret', '<<'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'base',
    'values',
    'imports',
    'environmentVariables',
    'aws',
    'PATH',
    'NODE_OPTIONS',
  ],
];
/** What would run, or leave its place, if it stood in a generated file as it was answered. */
const NEVER_WRITTEN = /touch pwned|tee pwned|\/etc\/passwd|\.\.\/api\b|\u0000|\u001b|\u202e|x{10000}/;

type Options = Readonly<Record<string, unknown>>;
type Generate = (tree: Tree, options: Options) => Promise<GeneratorCallback | void>;
interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
}

/** Answers that a generator takes, but for the one that is tried. */
const VALID: Readonly<Record<string, Options>> = {
  init: { organization: 'acme' },
  environment: { project: 'api', stacks: ['infra'], secrets: ['database#url'] },
  stack: { project: 'api', skipPackageJson: true },
  'stack-reference': { project: 'api', stack: 'infra' },
  oidc: { project: 'api', repository: 'acme/shop', account: '123456789012' },
  ci: {},
  'config-types': { project: 'api' },
  direnv: { project: 'api' },
};

const generatorOf = (name: string): Generate =>
  (jest.requireActual(`./${name}/generator`) as { default: Generate }).default;
const schemaOf = (name: string): { properties: Readonly<Record<string, Property>> } =>
  JSON.parse(readFileSync(join(PACKAGE, `src/generators/${name}/schema.json`), 'utf8')) as never;

/** The options that take any text; Nx itself refuses others than those of a list. */
const cases = Object.keys(VALID).flatMap((name) =>
  Object.entries(schemaOf(name).properties)
    .filter(([, { type, enum: list, items }]) => {
      const isText = type === undefined || type === 'string' || type === 'array';
      return isText && list === undefined && items?.enum === undefined;
    })
    .map(([option, { type }]): [string, string, boolean] => [name, option, type === 'array']),
);

function createWorkspace(): Tree {
  const tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  tree.write('nx.json', '{ "plugins": [{ "plugin": "nx-esc/plugin", "options": { "organization": "acme" } }] }');
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: {} });
  tree.write('apps/infra/Pulumi.yaml', 'name: infra\nruntime: nodejs\n');
  for (const stack of ['staging', 'prod']) tree.write(`apps/infra/Pulumi.${stack}.yaml`, '');
  tree.write('apps/infra/index.ts', 'export const service_name = "infra";\n');
  for (const name of ['dev', 'staging', 'prod'])
    tree.write(`apps/api/esc/${name}.yaml`, 'values:\n  environmentVariables:\n    PORT: 8080\n');
  return tree;
}

const changesOf = (tree: Tree): Map<string, string> =>
  new Map(tree.listChanges().map(({ path, content }) => [path, content?.toString() ?? '']));

beforeEach(() => {
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
});

test('every generator with answers is tried', () => {
  const { generators } = JSON.parse(readFileSync(join(PACKAGE, 'generators.json'), 'utf8')) as { generators: object };
  expect(Object.keys(VALID).sort()).toEqual(
    Object.keys(generators)
      .filter((name) => name !== 'sync')
      .sort(),
  );
  expect(cases.length).toBeGreaterThan(25);
});

test.each(cases)('%s refuses what %s should not be and leaves the tree alone, or writes it safely', async (...args) => {
  const [name, option, isList] = args;
  const generate = generatorOf(name);
  for (const answer of HOSTILE) {
    const tree = createWorkspace();
    const before = changesOf(tree);
    const shown = JSON.stringify(answer.slice(0, 40));
    const options = { ...VALID[name], [option]: isList ? [answer] : answer };
    const error = await generate(tree, options).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    const after = changesOf(tree);
    if (error !== undefined) {
      // A mistake of the user has a code and no stack; nothing was written for it.
      expect([shown, error.message]).toEqual([shown, expect.stringMatching(/^(?:\S+:\d+:\d+: )?config\//)]);
      expect([shown, error.message.length < 2000, error.stack]).toEqual([shown, true, '']);
      // Control characters of the answer would reach the terminal.
      expect([shown, /[\u0000-\u0009\u000b-\u001f\u202e]/.test(error.message)]).toEqual([shown, false]);
      expect([shown, after]).toEqual([shown, before]);
      continue;
    }
    for (const [file, text] of after) {
      if (before.get(file) === text) continue;
      expect([shown, file]).toEqual([shown, expect.stringMatching(/^(?!.*(?:^|\/)\.\.?\/)[\w./-]{1,300}$/)]);
      expect([shown, file, NEVER_WRITTEN.exec(text)?.[0]]).toEqual([shown, file, undefined]);
      if (file.endsWith('.yaml')) expect([shown, file, parseDocument(text).errors]).toEqual([shown, file, []]);
      if (file.endsWith('.json')) expect(() => JSON.parse(text) as unknown).not.toThrow();
    }
  }
});
