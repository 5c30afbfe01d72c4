import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { TestWorkspace } from '../testing/test-workspace';

jest.setTimeout(120_000);

const GOLDEN = join(__dirname, '../../workspaces/every-edge');

function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(GOLDEN, path), readFileSync(path, 'utf8')]),
  );
}

describe('the golden workspace in Nx', () => {
  const workspace = new TestWorkspace({
    ...filesIn(GOLDEN),
    '.gitignore': 'node_modules\n.state\n.cache\ngenerated\n',
    'package.json': JSON.stringify({ name: 'workspace', private: true, workspaces: ['apps/*', 'tests/*'] }),
  });
  afterAll(() => workspace.remove());

  interface Graph {
    readonly nodes: Record<string, { data: { targets: Record<string, object>; metadata: Record<string, unknown> } }>;
    readonly dependencies: Record<string, readonly { target: string; type: string }[]>;
  }

  async function readGraph(): Promise<{ output: string; graph: Graph }> {
    const { code, output } = await workspace.run('nx', ['graph', '--file=.cache/graph.json']);
    expect({ code, output }).toMatchObject({ code: 0 });
    return { output, graph: (JSON.parse(workspace.read('.cache/graph.json')) as { graph: Graph }).graph };
  }

  test('has an edge between projects for every one that is between their stacks and environments', async () => {
    const { graph } = await readGraph();
    const edges = Object.values(graph.dependencies)
      .flat()
      .map(
        ({ source, target, type }: { source?: string; target: string; type: string }) => `${source} ${target} ${type}`,
      );
    // What web only names in its targets would close a cycle with what the stacks of api read of web.
    expect(edges.sort()).toEqual([
      '@acme/api database implicit',
      '@acme/api default implicit',
      '@acme/api infra implicit',
      '@acme/api shared implicit',
      '@acme/api web implicit',
      'e2e @acme/api implicit',
      'web infra implicit',
      'web shared implicit',
    ]);
    expect(Object.keys(graph.nodes)).not.toContain('generated');
    expect(graph.nodes['@acme/api']?.data.metadata.esc).toMatchObject({
      remote: expect.arrayContaining([
        expect.objectContaining({ name: 'acme/shared/tls', version: 'stable', isLocal: true }),
      ]) as unknown,
    });
    expect(graph.nodes.web?.data.targets.deploy).toMatchObject({
      metadata: { technologies: ['pulumi', 'esc'], help: { example: { options: { env: 'staging' } } } },
    });
  });

  test('has a node outside of the projects for what is not in the workspace', () => {
    const { externalNodes, dependencies } = JSON.parse(workspace.read('.cache/data/project-graph.json')) as {
      externalNodes: Record<string, { type: string }>;
      dependencies: Graph['dependencies'];
    };
    const outside = [
      'esc:nowhere/base',
      'esc:other/company/secrets',
      'pulumi:acme/network/dev',
      'pulumi:acme/network/prod',
      'pulumi:acme/network/staging',
      'pulumi:other/far/prod',
    ];
    expect(
      Object.keys(externalNodes)
        .filter((name) => /^(?:esc|pulumi):/.test(name))
        .sort(),
    ).toEqual(outside);
    const targets = dependencies['@acme/api']?.map(({ target }) => target) ?? [];
    expect(targets.filter((target) => target.includes(':')).sort()).toEqual(outside);
  });

  test('builds with a broken file, which is named', async () => {
    workspace.write({ 'apps/api/esc/staging.yaml': 'imports: [api/base\nvalues: {' });
    const { output, graph } = await readGraph();
    expect(output).toMatch(/nx-esc: apps\/api\/esc\/staging\.yaml:\d+:\d+: /);
    expect(graph.dependencies['@acme/api']?.map(({ target }) => target)).toContain('infra');
  });
});
