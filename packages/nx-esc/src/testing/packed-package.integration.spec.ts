import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';

/** What is published is whole. */
const PACKAGE = resolve(__dirname, '../..');
const REPOSITORY = resolve(PACKAGE, '../..');

interface Entry {
  readonly factory?: string;
  readonly implementation?: string;
  readonly schema?: string;
}

jest.setTimeout(120_000);

const readJson = <T>(file: string): T => JSON.parse(readFileSync(join(PACKAGE, file), 'utf8')) as T;
const entries = [
  ...Object.entries(readJson<{ generators: Record<string, Entry> }>('generators.json').generators),
  ...Object.entries(readJson<{ executors: Record<string, Entry> }>('executors.json').executors),
  ...Object.entries(readJson<{ generators: Record<string, Entry> }>('migrations.json').generators),
];
let packed: Set<string>;

beforeAll(() => {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: PACKAGE, encoding: 'utf8' });
  const [result] = Object.values(JSON.parse(output) as Record<string, { files: { path: string }[] }>);
  packed = new Set(result?.files.map(({ path }) => path));
});

test.each(entries)('%s is in the package, with its schema, and loads', (_, { factory, implementation, schema }) => {
  const module = `${posix.normalize(factory ?? implementation ?? 'missing')}.js`;
  expect(packed).toContain(module);
  if (schema !== undefined) expect(packed).toContain(posix.normalize(schema));
  const script = `process.stdout.write(typeof require(${JSON.stringify(join(PACKAGE, module))}).default)`;
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('function');
});

test('the lists themselves are in the package, and no tests are', () => {
  for (const file of ['generators.json', 'executors.json', 'migrations.json', 'dist/cli/start.bundle.js'])
    expect(packed).toContain(file);
  expect([...packed].filter((file) => /\.spec\./.test(file))).toEqual([]);
});

test('publint finds nothing', () => {
  const output = execFileSync(process.execPath, [join(REPOSITORY, 'node_modules/publint/src/cli.js'), '--strict'], {
    cwd: PACKAGE,
    encoding: 'utf8',
  });
  expect(output).toContain('All good!');
});
