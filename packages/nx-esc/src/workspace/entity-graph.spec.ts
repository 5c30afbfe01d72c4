import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildEntityGraph, type EntityGraph } from './entity-graph';
import { explainGraph } from './explained-graph';
import type { FileFacts } from './facts/file-facts';
import { readFacts } from './facts/facts-reader';
import { locateReferences } from './facts/locate-references';
import { indexWorkspace } from './read-workspace';
import { findProjects } from './list-projects';
import { normalizeOptions } from './plugin-options';
import { orderProjectsOnCycles, StackOrder } from './stack-order';
import { WorkspaceIndex } from './workspace-index';

const GOLDEN = join(__dirname, '../../workspaces/every-edge');

/** The graph of files in memory. */
function graphOf(files: Readonly<Record<string, string>>): EntityGraph {
  const facts = {
    factsOf: (file: string): FileFacts =>
      files[file] === undefined ? { references: [] } : readFacts(file, files[file]),
    has: (file: string) => Object.hasOwn(files, file),
    save: () => undefined,
  };
  return buildEntityGraph(new WorkspaceIndex('/', findProjects('/', Object.keys(files), facts), facts));
}

describe('a workspace with every kind of edge', () => {
  const index = indexWorkspace(GOLDEN, normalizeOptions({ organization: 'acme' }));
  const graph = buildEntityGraph(index);

  test('has exactly the edges that are expected, each with every line that made it', () => {
    const lines = explainGraph(graph, GOLDEN).edges.flatMap(({ from, to, references }) =>
      references.map(
        ({ kind, to: written, file, line, column }) =>
          `${from} -> ${to} | ${kind} ${written} | ${file}:${line}:${column}`,
      ),
    );
    expect(`${lines.join('\n')}\n`).toBe(readFileSync(join(GOLDEN, 'expected-edges.txt'), 'utf8'));
  });

  test('names the same references with places and without', () => {
    const files = [...new Set(graph.edges.flatMap(({ references }) => references.map(({ file }) => file)))];
    for (const file of files) {
      const text = readFileSync(join(GOLDEN, file), 'utf8');
      const located = new Set(locateReferences(file, text).map(({ kind, to }) => `${kind} ${to}`));
      const quick = new Set(readFacts(file, text).references.map(({ kind, to }) => `${kind} ${to}`));
      expect([file, [...quick].sort()]).toEqual([file, [...located].sort()]);
    }
    expect(files.length).toBeGreaterThan(8);
  });

  test('gives a second Pulumi.yaml of a project a project of its own', () => {
    expect([...index.projects()].map(({ name, files: { root } }) => `${name} ${root}`)).toEqual([
      '@acme/api apps/api',
      'database apps/api/database',
      'web apps/web',
      'default default',
      'infra infra',
      'shared shared',
      'e2e tests/e2e',
    ]);
  });
});

describe('stack references of programs', () => {
  const to = (program: string) => readFacts('index.ts', program).references.map((reference) => reference.to);

  test.each([
    ["new pulumi.StackReference('acme/infra/dev');", ['acme/infra/dev']],
    ['new pulumi.StackReference(`acme/infra/${pulumi.getStack()}`);', ['acme/infra/${stack}']],
    ['const stack = getStack();\nnew StackReference(`infra/${stack}`);', ['infra/${stack}']],
    ["const o = 'acme', p = o + '/infra';\nnew StackReference(p + '/dev');", ['acme/infra/dev']],
    ["new StackReference('x', { name: 'acme/infra/dev' });", ['acme/infra/dev']],
    ["import { StackReference as R } from '@pulumi/pulumi';\nnew R('a/b/c');", ['a/b/c']],
    ['new StackReference(`${organization}/infra/dev` as string);', ['${?}/infra/dev']],
    ["// new StackReference('a/b/c')\nconst text = \"new StackReference('a/b/c')\";", []],
    ["new Other.Reference('a/b/c'); new StackReference(somewhere);", []],
    ["const x = x; new StackReference(x + '/y/z');", ['${?}/y/z']],
  ])('%s', (program, expected) => {
    expect(to(program)).toEqual(expected);
  });

  test('a program that nobody can parse has none', () => {
    expect(to('new StackReference("a/b/c" <<<<<<< HEAD')).toEqual([]);
  });
});

describe('outputs of programs', () => {
  test.each([
    ['export const a = 1, { b, c: [d] } = x;', ['a', 'b', 'd'], true],
    ['const e = 1; export { e, e as f }; export function g() {}', ['e', 'f', 'g'], true],
    ['exports.h = 1; module.exports.i = 2;', ['h', 'i'], true],
    ['module.exports = { j: 1, "k": 2 };', ['j', 'k'], true],
    ["export const a = 1; export * from './more';", ['a'], false],
    ['export type T = string; export default async () => ({});', [], false],
  ])('%s', (program, names, isComplete) => {
    expect(readFacts('index.ts', program).outputs).toEqual({ names, isComplete });
  });
});

describe('the order of stacks', () => {
  const opens = (stack: string) => `values: { i: { fn::open::pulumi-stacks: { stacks: { i: { stack: ${stack} } } } } }`;

  test('follows environments to the stacks that they read, and stops there', () => {
    const order = new StackOrder(
      graphOf({
        'a/Pulumi.yaml': 'name: a',
        'a/Pulumi.dev.yaml': 'environment: [a/dev]',
        'a/esc/dev.yaml': 'imports: [lib/dev]',
        'lib/esc/dev.yaml': opens('b/dev'),
        'b/Pulumi.yaml': 'name: b',
        'b/Pulumi.dev.yaml': 'environment: [b/dev]',
        'b/esc/dev.yaml': opens('c/dev'),
        'c/Pulumi.yaml': 'name: c',
        'c/Pulumi.dev.yaml': '',
      }),
    );
    expect(order.upstreamOf('stack:a/dev')).toEqual(['stack:b/dev']);
    expect(order.deployedBefore('stack:a/dev', () => true)).toEqual(['stack:c/dev', 'stack:b/dev']);
    expect(order.pathBetween('stack:a/dev', 'stack:b/dev').map(({ to }) => to)).toEqual([
      'environment:a/dev',
      'environment:lib/dev',
      'stack:b/dev',
    ]);
    expect(order.findCycles()).toEqual([]);
  });

  test('a cycle of projects that is none of stacks is ordered by the stacks', () => {
    const graph = graphOf({
      'api/Pulumi.yaml': 'name: api',
      'api/Pulumi.dev.yaml': '',
      'api/esc/dev.yaml': 'imports: [web/base]',
      'web/Pulumi.yaml': 'name: web',
      'web/Pulumi.dev.yaml': '',
      'web/esc/base.yaml': '',
      'web/esc/dev.yaml': opens('api/dev'),
    });
    const orders = orderProjectsOnCycles(new StackOrder(graph));
    expect(Object.fromEntries(orders)).toEqual({
      api: { upstream: [], downstream: ['web'], companions: [] },
      web: { upstream: ['api'], downstream: [], companions: [] },
    });
  });

  test('projects that rest on one another for different environments are companions, without a cycle', () => {
    const order = new StackOrder(
      graphOf({
        'a/Pulumi.yaml': 'name: a',
        'a/Pulumi.dev.yaml': '',
        'a/Pulumi.prod.yaml': '',
        'a/esc/dev.yaml': opens('b/dev'),
        'b/Pulumi.yaml': 'name: b',
        'b/Pulumi.dev.yaml': '',
        'b/Pulumi.prod.yaml': '',
        'b/esc/prod.yaml': opens('a/prod'),
      }),
    );
    expect(order.findCycles()).toEqual([]);
    expect(orderProjectsOnCycles(order).get('a')).toEqual({ upstream: [], downstream: [], companions: ['a', 'b'] });
  });

  test('a true cycle is found with all that lies on it', () => {
    const order = new StackOrder(
      graphOf({
        'a/Pulumi.yaml': 'name: a',
        'a/Pulumi.dev.yaml': '',
        'a/esc/dev.yaml': opens('b/dev'),
        'b/Pulumi.yaml': 'name: b',
        'b/Pulumi.dev.yaml': '',
        'b/esc/dev.yaml': opens('c/dev'),
        'c/Pulumi.yaml': 'name: c',
        'c/Pulumi.dev.yaml': '',
        'c/esc/dev.yaml': opens('a/dev'),
      }),
    );
    expect(order.findCycles()).toEqual([['stack:a/dev', 'stack:b/dev', 'stack:c/dev']]);
  });
});
