import { buildEntityGraph } from '../workspace/entity-graph';
import { explainGraph } from '../workspace/explained-graph';
import type { FileFacts } from '../workspace/facts/file-facts';
import { readFacts } from '../workspace/facts/facts-reader';
import { findProjects } from '../workspace/list-projects';
import { WorkspaceIndex } from '../workspace/workspace-index';
import { renderMatrix, renderWaves } from './matrix';

const opens = (stack: string) => `values: { i: { fn::open::pulumi-stacks: { stacks: { i: { stack: ${stack} } } } } }`;

function explain(files: Readonly<Record<string, string>>) {
  const facts = {
    factsOf: (file: string): FileFacts => readFacts(file, files[file] ?? ''),
    has: (file: string) => Object.hasOwn(files, file),
    save: () => undefined,
  };
  const index = new WorkspaceIndex('/', findProjects('/', Object.keys(files), facts), facts);
  return explainGraph(buildEntityGraph(index), '/');
}

const FILES = {
  'infra/Pulumi.yaml': 'name: infrastructure',
  'infra/Pulumi.dev.yaml': '',
  'infra/Pulumi.shared.yaml': '',
  'api/Pulumi.yaml': 'name: api',
  'api/Pulumi.dev.yaml': '',
  'api/esc/dev.yaml': opens('infrastructure/dev'),
  'tool/Pulumi.yaml': 'name: tool',
  'tool/Pulumi.dev.yaml': '',
  'tool/esc/dev.yaml': opens('infrastructure/shared'),
  'web/Pulumi.yaml': 'name: web',
  'web/Pulumi.dev.yaml': '',
  'web/esc/dev.yaml': opens('api/dev'),
};

test('puts stacks of one environment after those that they rest on, side by side where they may be', () => {
  const waves = renderWaves(explain(FILES), { environment: 'dev', workspaceRoot: '/' }).trim().split('\n');
  expect(waves.map((line) => JSON.parse(line).include)).toEqual([
    [
      { wave: 1, project: 'infra', stack: 'infrastructure/dev', environment: 'dev' },
      { wave: 1, project: 'tool', stack: 'tool/dev', environment: 'dev' },
    ],
    [{ wave: 2, project: 'api', stack: 'api/dev', environment: 'dev' }],
    [{ wave: 3, project: 'web', stack: 'web/dev', environment: 'dev' }],
  ]);
});

test('leaves out what is deployed already, and keeps the order of the rest', () => {
  const stacks = new Set(['web/dev', 'tool/dev', 'infrastructure/dev']);
  const request = { environment: 'dev', workspaceRoot: '/', stacks };
  const waves = renderWaves(explain(FILES), request).trim().split('\n');
  expect(waves.map((line) => JSON.parse(line).include.map(({ stack }: { stack: string }) => stack))).toEqual([
    ['infrastructure/dev', 'tool/dev'],
    ['web/dev'],
  ]);
  expect(renderWaves(explain(FILES), { ...request, stacks: new Set() })).toBe('');
});

test('is one matrix of all stacks without an environment, and no job where there are none', () => {
  const { include } = JSON.parse(renderMatrix(explain(FILES), { workspaceRoot: '/' })) as { include: object[] };
  expect(include).toHaveLength(5);
  expect(include).toContainEqual({ wave: 2, project: 'tool', stack: 'tool/dev', environment: 'dev' });
  expect(renderMatrix(explain({}), { environment: 'dev', workspaceRoot: '/' })).toBe('{"include":[]}\n');
});

test('refuses stacks that rest on one another', () => {
  const cyclic = { ...FILES, 'infra/esc/dev.yaml': opens('web/dev') };
  expect(() => renderMatrix(explain(cyclic), { environment: 'dev', workspaceRoot: '/' })).toThrow('there is no order');
});
