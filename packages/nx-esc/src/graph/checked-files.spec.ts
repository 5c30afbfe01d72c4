import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { scopeOfProject } from '../check/scope';
import { checkFolder, linesOf } from '../testing/check-files';
import { buildEntityGraph } from '../workspace/entity-graph';
import { readPluginOptions } from '../workspace/plugin-options';
import { indexWorkspace } from '../workspace/read-workspace';
import { checkedFiles } from './checked-files';

const WORKSPACES = join(__dirname, '../../workspaces');
/** A text that is none of the things that a file may be. */
const GARBAGE = '}{ : [ `';

let root: string;
afterEach(() => rmSync(root, { recursive: true, force: true }));

function copyOf(name: string): void {
  root = mkdtempSync(join(tmpdir(), 'nx-esc-inputs-'));
  cpSync(join(WORKSPACES, name), root, { recursive: true });
}

function allFiles(): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)))
    .filter((file) => !file.startsWith('.nx/'));
}

function filesOf(name: string): string[] {
  const options = readPluginOptions(JSON.parse(readFileSync(join(root, 'nx.json'), 'utf8')) as { plugins?: unknown[] });
  const index = indexWorkspace(root, options);
  const project = index.project(name);
  return project === undefined ? [] : checkedFiles(project, index, buildEntityGraph(index));
}

async function findingsIn(name: string): Promise<string[]> {
  return linesOf(
    await checkFolder(root, {
      select: (workspace) => {
        const project = workspace.index.project(name);
        if (project === undefined) throw new Error(`no project ${name}`);
        return scopeOfProject(workspace, project);
      },
    }),
  );
}

test.each([
  ['check-environments', 'app'],
  ['check-environments', 'broken'],
  ['check-deployment', 'api'],
  ['check-pattern', 'web'],
  ['check-pattern', 'api'],
])('in %s, what is found in %s rests on no other file than those of its target', async (workspace, project) => {
  copyOf(workspace);
  const listed = new Set([...filesOf(project), 'nx.json']);
  const before = await findingsIn(project);
  const others = allFiles().filter((file) => !listed.has(file));
  expect(others.length).toBeGreaterThan(1);
  for (const file of others) writeFileSync(join(root, file), GARBAGE);
  expect(await findingsIn(project)).toEqual(before);
});

test.each([
  ['check-deployment', 'api', ['api/package.json', 'platform/esc/prod.yaml', 'shared/Pulumi.staging.yaml']],
  ['check-pattern', 'web', ['apps/web/.envrc', 'apps/infra/index.ts', 'apps/infra/Pulumi.staging.yaml']],
])('in %s, %s rests on what its targets, its .envrc and other stacks say', (workspace, project, expected) => {
  copyOf(workspace);
  expect(filesOf(project)).toEqual(expect.arrayContaining(expected));
});
