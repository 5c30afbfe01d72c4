import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DIAGNOSTIC_CODES } from './diagnostics/codes';
import { BUILTIN_NAMES } from './language/builtin-names';
import { checkEnvironment, openEnvironment, rotateEnvironment } from './environment';
import type { EvaluationOptions } from './evaluation/operation';
import { createTestHost, ROT128 } from './testing';
import { ALWAYS } from './values/schema';

const CASES = resolve(__dirname, '../cases');
const DOCS = resolve(__dirname, '../../../docs');

/** Folders of cases below a folder. */
function casesIn(folder: string): string[] {
  if (existsSync(join(folder, 'env.yaml'))) return [folder];
  return readdirSync(folder).flatMap((name) => casesIn(join(folder, name)));
}

/** Everything that evaluating a case says, in every mode. */
async function codesOf(folder: string): Promise<string[]> {
  const read = (name: string): string => readFileSync(join(folder, `${name}.yaml`), 'utf8');
  return codesSaid({
    name: basename(folder),
    source: read('env'),
    host: createTestHost({ environments: read }),
    decrypter: ROT128,
  });
}

async function codesSaid(options: EvaluationOptions): Promise<string[]> {
  const lenient = { ...options, ignoreLoadErrors: true };
  const outcomes = [await checkEnvironment(lenient), await openEnvironment(lenient), await rotateEnvironment(lenient)];
  return outcomes.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
}

/** What only a host, a limit, or a later version of the language brings about: the reference has no answer to it. */
const BEYOND_THE_REFERENCE: Readonly<Record<string, Partial<EvaluationOptions> & { readonly source: string }>> = {
  'import-refused': {
    source: 'imports: [other]',
    host: {
      ...createTestHost({ environments: { other: 'values: { a: 1 }' } }),
      authorizeImport: () => {
        throw new Error('not you');
      },
    },
  },
  'decryption-failed': {
    source: 'values: { a: { fn::secret: { ciphertext: ZXNjeAAAAAHo9e705fKyKo30VQ== } } }',
    decrypter: {
      decrypt: () => {
        throw new Error('the key is gone');
      },
    },
  },
  'rotation-failed': {
    source: 'values: { a: { fn::rotate::stubborn: { inputs: {}, state: { b: 1 } } } }',
    host: {
      ...createTestHost({ environments: {} }),
      loadRotator: () => ({
        inputs: ALWAYS,
        state: ALWAYS,
        outputs: ALWAYS,
        open: () => ({}),
        rotate: () => {
          throw new Error('no');
        },
      }),
    },
  },
  'encoding-failed': { source: 'values: { a: { fn::toJSON: .inf } }' },
  'limit-exceeded': { source: `values: { a: ${'['.repeat(600)}${']'.repeat(600)} }` },
};

const folders = casesIn(CASES);

describe('golden cases', () => {
  test('there is one for every diagnostic code', async () => {
    const said = new Set((await Promise.all(folders.map(codesOf))).flat());
    expect(DIAGNOSTIC_CODES.filter((code) => !said.has(code) && !(code in BEYOND_THE_REFERENCE))).toEqual([]);
    expect(Object.keys(BEYOND_THE_REFERENCE).filter((code) => said.has(code))).toEqual([]);
  });

  test.each(Object.entries(BEYOND_THE_REFERENCE))('%s is said', async (code, { source, ...options }) => {
    const host = createTestHost({ environments: {} });
    expect(await codesSaid({ name: 'env', host, source, ...options })).toContain(code);
  });

  test('there is one for every function, in each of its forms', () => {
    const texts = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => readFileSync(join(folder, name), 'utf8')),
    );
    const isCalled = (name: string): boolean => texts.some((text) => text.includes(`${name}:`));
    const names = [...BUILTIN_NAMES, 'fn::open::test', 'fn::rotate::swap'].filter((name) => name !== 'fn::toYAML');
    expect(names.filter((name) => !isCalled(name))).toEqual([]);
  });

  test.each(folders.filter((folder) => !folder.endsWith('/documents/empty')))('%s says what it shows', (folder) => {
    expect(readFileSync(join(folder, 'env.yaml'), 'utf8')).toMatch(/^# [A-Z].*\.$/m);
  });
});

describe('the documentation', () => {
  test.each(DIAGNOSTIC_CODES)('has a row for %s', (code) => {
    expect(readFileSync(join(DOCS, 'diagnostics.md'), 'utf8')).toContain(`| \`${code}\``);
  });

  test.each([...BUILTIN_NAMES])('has a row for %s', (name) => {
    expect(readFileSync(join(DOCS, 'language.md'), 'utf8')).toMatch(new RegExp(`^\\|.*\`${name}[\`:]`, 'm'));
  });
});
