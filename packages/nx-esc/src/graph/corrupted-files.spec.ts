import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CreateDependenciesContext, CreateNodesContextV2 } from '@nx/devkit';
import { JSON_SCHEMA, load } from 'js-yaml';
import { createDependencies } from './create-dependencies';
import { createNodesV2 } from './create-nodes';

const COUNT = 200;
const ENVIRONMENT = `imports:
  - lib/base
  - { lib/tls: { merge: false } }
values:
  text: "quoted, with a \${reference} and \\u00e9"
  list: [1, { a: b }, 'c']
  infra:
    fn::open::pulumi-stacks:
      stacks: { net: { stack: net/dev } }
`;
const FILES = ['Pulumi.yaml', 'Pulumi.dev.yaml', 'esc/base.yaml', 'esc/dev.yaml', 'index.ts', 'package.json'];
const TEXTS: Readonly<Record<string, (name: string) => string>> = {
  'Pulumi.yaml': (name) => `name: ${name}\nruntime: { name: nodejs }\nmain: index.ts\n`,
  'Pulumi.dev.yaml': (name) => `environment:\n  - ${name}/dev\nconfig:\n  ${name}:a: [1, 2]\n`,
  'esc/base.yaml': () => ENVIRONMENT,
  'esc/dev.yaml': () => ENVIRONMENT,
  'index.ts': () => "import './more';\nexport const a = new StackReference(`organization/net/${getStack()}`);\n",
  'package.json': (name) => JSON.stringify({ name, scripts: { dev: 'nx-esc run lib/base -- true' } }),
};

let seed = 5;
function random(limit: number): number {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return (seed >> 8) % limit;
}

/** Cuts a text, or writes bytes over some of it. */
function corrupt(text: string): Buffer {
  const bytes = Buffer.from(text);
  const place = random(bytes.length);
  if (random(2) === 0) return bytes.subarray(0, place);
  const noise = Buffer.from(Array.from({ length: 1 + random(12) }, () => random(256)));
  return Buffer.concat([bytes.subarray(0, place), noise, bytes.subarray(place + random(10))]);
}

function isBroken(file: string, content: Buffer): boolean {
  if (!file.endsWith('.yaml')) return false;
  try {
    load(content.toString(), { schema: JSON_SCHEMA, json: true });
    return false;
  } catch {
    return true;
  }
}

test(`with ${COUNT} files cut or corrupted at random the graph builds, and names each that is broken`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'nx-esc-corrupted-'));
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    const files: string[] = [];
    const broken: string[] = [];
    const write = (file: string, content: Buffer | string): void => {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
      files.push(file);
    };
    for (const file of ['lib/esc/base.yaml', 'lib/esc/tls.yaml', 'net/Pulumi.yaml']) write(file, 'name: net\n');
    for (let index = 0; index < COUNT; index += 1) {
      const name = `p${String(index).padStart(3, '0')}`;
      const victim = FILES[index % FILES.length] as string;
      for (const file of FILES) {
        const text = (TEXTS[file] as (name: string) => string)(name);
        const content = file === victim ? corrupt(text) : text;
        write(`${name}/${file}`, content);
        if (file === victim && isBroken(file, readFileSync(join(root, name, file)))) broken.push(`${name}/${file}`);
      }
    }
    const config = files.filter((file) => file.endsWith('.yaml'));
    const results = await createNodesV2[1](config, undefined, { workspaceRoot: root } as CreateNodesContextV2);
    const roots = results.flatMap(([, { projects }]) => Object.keys(projects ?? {}));
    expect(roots).toHaveLength(COUNT + 2);
    const context = {
      workspaceRoot: root,
      projects: Object.fromEntries(roots.map((each) => [each, { root: each }])),
      externalNodes: Object.assign({}, ...results.map(([, { externalNodes }]) => externalNodes)) as object,
      fileMap: { projectFileMap: {}, nonProjectFiles: files.map((file) => ({ file, hash: '' })) },
    } as unknown as CreateDependenciesContext;
    const edges = await createDependencies(undefined, context);
    expect(edges.length).toBeGreaterThan(COUNT);
    const named = warn.mock.calls.flat().map((line: string) => /nx-esc: ([^:]+):\d+:\d+: /.exec(line)?.[1]);
    expect(named.sort()).toEqual(broken.sort());
    expect(broken.length).toBeGreaterThan(COUNT / 6);
  } finally {
    warn.mockRestore();
    rmSync(root, { recursive: true, force: true });
  }
});
