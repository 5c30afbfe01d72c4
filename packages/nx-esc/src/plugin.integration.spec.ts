import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';

const DIST = join(__dirname, '../dist');

/** The files that Node has read after loading the plugin, relative to the built package. */
function loadedByPlugin(): string[] {
  const script = `require(${JSON.stringify(join(DIST, 'plugin.js'))});
    process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  return (JSON.parse(output) as string[]).map((file) => relative(DIST, file));
}

test('Nx loads the plugin for every command: no package comes with it, and no parser before a file has changed', () => {
  const loaded = loadedByPlugin();
  expect(loaded).toContain('graph/create-nodes.js');
  expect(loaded.filter((file) => file.startsWith('..'))).toEqual([]);
  expect(loaded).not.toContain('workspace/facts/facts-reader.js');
});
