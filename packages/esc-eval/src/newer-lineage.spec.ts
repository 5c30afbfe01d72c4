import { checkEnvironment, openEnvironment } from './environment';
import type { EvaluationHost, ImportEdge } from './evaluation/host';
import { plainData } from './output/plain-data';
import type { DataFormat } from './output/value-data';
import { createTestHost } from './testing';
import { writeJson } from './values/json-writer';

// Expected values are what the reference evaluator in sdk/go/common/esc of pulumi v3.254.0 answers for the same texts.

async function open(source: string, environments: Record<string, string>, host: Partial<EvaluationHost> = {}) {
  const { environment, diagnostics } = await openEnvironment({
    name: 'root',
    source,
    host: { ...createTestHost({ environments }), ...host },
  });
  if (environment === null) throw new Error('nothing was evaluated');
  return { environment, json: writeJson(plainData(environment.root, { reveal: true })), diagnostics };
}

describe('authorizing imports', () => {
  const environments = {
    q: 'imports: [r, no]\nvalues: { o: { a: 2 } }',
    r: 'values: { r: 1 }',
    no: 'values: { s: 1 }',
    'p/e': 'imports: [no]\nvalues: { x: 1 }',
    'no/e': 'values: { x: 1 }',
  };
  const source = 'imports: [q, q, no]\nvalues:\n  i: ${environments.p.e.x}\n  j: ${environments.no.e.x}\n';
  const edges: ImportEdge[] = [];

  function authorizeImport(edge: ImportEdge) {
    edges.push(edge);
    if (edge.imported.startsWith('no')) throw new Error(`not allowed: ${edge.imported}`);
  }

  beforeEach(() => {
    edges.length = 0;
  });

  test('reports each refused import where it stands', async () => {
    const { json, diagnostics } = await open(source, environments, { authorizeImport });
    const found = diagnostics.map(({ code, summary, path, range }) => [code, summary, path, range?.environment]);
    expect(found).toEqual([
      ['import-refused', 'not allowed: no', 'imports[1]', 'q'],
      ['import-refused', 'not allowed: no', 'imports[2]', 'root'],
      ['import-refused', 'not allowed: no', 'imports[0]', 'p/e'],
      ['import-refused', 'not allowed: no/e', 'values.j', 'root'],
    ]);
    expect(json).toBe('{"i":1,"j":"[unknown]","o":{"a":2},"r":1}');
  });

  test('asks once for each edge, and says whether the importer is the root', async () => {
    await open(source, environments, { authorizeImport: async (edge) => authorizeImport(edge) });
    const asked = edges.map(({ importer, imported, importerIsRoot }) => `${importer} ${imported} ${importerIsRoot}`);
    expect(asked.sort()).toEqual([
      'p/e no false',
      'q no false',
      'q r false',
      'root no true',
      'root no/e true',
      'root p/e true',
      'root q true',
    ]);
  });

  test('does not load what is refused', async () => {
    const loaded: string[] = [];
    const { loadEnvironment } = createTestHost({ environments });
    await open(source, environments, {
      authorizeImport,
      loadEnvironment: (name, options) => {
        loaded.push(name);
        return loadEnvironment(name, options);
      },
    });
    expect(loaded.sort()).toEqual(['p/e', 'q', 'r']);
  });

  test('loads for one importer what another may not import', async () => {
    const { json, diagnostics } = await open('imports: [q, no]', environments, {
      authorizeImport: ({ importer, imported }) => {
        if (importer === 'q' && imported === 'no') throw new Error('not here');
      },
    });
    expect(json).toBe('{"o":{"a":2},"r":1,"s":1}');
    expect(diagnostics.map(({ path, range }) => [path, range?.environment])).toEqual([['imports[1]', 'q']]);
  });
});

test('names an environment as its loader resolves it, and evaluates it once per name asked for', async () => {
  const environments: Record<string, string> = {
    'app/base@stable':
      'imports: [app/base@stable]\nvalues:\n  name: ${context.currentEnvironment.name}\n  x: ${nope}\n',
  };
  const { environment, json, diagnostics } = await open('imports: [app/base@stable]', environments, {
    loadEnvironment: (name) => ({ source: environments[name] as string, name: 'app/base@7' }),
  });
  expect(json).toBe('{"name":"app/base@7","x":"[unknown]"}');
  expect(diagnostics.map(({ summary, range }) => [summary, range?.environment])).toEqual([
    ['cyclic import of app/base@stable', 'app/base@7'],
    ['unknown property "nope"', 'app/base@7'],
  ]);
  expect(writeJson(environment.toData())).toContain('"environment":"app/base@7"');
});

describe('writing results', () => {
  const environments = { q: 'values: { o: { a: 2 }, x: null }' };
  const source = 'imports: [q]\nvalues: { n: null, o: { b: 1 } }';
  const zero = { line: 0, column: 0, byte: 0 };

  async function write(format?: DataFormat) {
    const { environment } = await open(source, environments);
    return JSON.parse(writeJson(environment.toData(format)));
  }

  test('leaves out what was merged over, and the places, without traces', async () => {
    const trace = { def: { begin: zero, end: zero } };
    const { properties } = await write({ trace: 'none' });
    expect(properties).toEqual({
      n: { trace },
      o: { value: { a: { value: 2, trace }, b: { value: 1, trace } }, trace },
      x: { trace },
    });
  });

  test('keeps the expressions without traces', async () => {
    const [{ exprs }, full] = [await write({ trace: 'none' }), await write()];
    expect(exprs).toEqual(full.exprs);
  });

  test('writes null and empty names in the newer form', async () => {
    const { properties } = await write({ trace: 'none', lineage: '2026-08' });
    expect(properties.n).toEqual({ value: null, trace: { def: { environment: '', begin: zero, end: zero } } });
  });
});

describe('fn::toYAML', () => {
  test.each([
    ['{ a: b, c: d }', 'a: b\nc: d\n'],
    ['[1, "1", 1.50, true, null, {}, []]', '- "1"\n- "1"\n- "1.5"\n- true\n- null\n- {}\n- []\n'],
    ['{ list: [{ x: y }], text: "a\\nb" }', 'list:\n    - x: "y"\ntext: |-\n    a\n    b\n'],
    ['{ a: { c: [[1], []], "k y": "x: y" } }', 'a:\n    c:\n        - - "1"\n        - []\n    k y: \'x: y\'\n'],
    ['{ list: [{ "a\\nb": { c: 1 } }] }', 'list:\n    - ? |-\n        a\n        b\n      : c: "1"\n'],
    ['{ x10: a, x9: b, "1": c, _: d, "=": yes, off: "off" }', '=: "yes"\n_: d\n"1": c\n"off": "off"\nx9: b\nx10: a\n'],
  ])('writes %s', async (value, text) => {
    const { json } = await open(`values: { y: { fn::toYAML: ${value} } }`, {});
    expect(json).toBe(`{"y":${JSON.stringify(text)}}`);
  });

  test('is secret for a secret and unknown for an unknown', async () => {
    const source = 'values:\n  s: { fn::toYAML: { fn::secret: x } }\n  u: { fn::toYAML: { fn::open::test: {} } }\n';
    const { environment } = await checkEnvironment({
      name: 'root',
      source,
      host: createTestHost({ environments: {} }),
    });
    const flags = [...(environment?.root.value as ReadonlyMap<string, { secret?: boolean; unknown?: boolean }>)].map(
      ([key, { secret, unknown }]) => [key, secret, unknown],
    );
    expect(flags).toEqual([
      ['s', true, undefined],
      ['u', undefined, true],
    ]);
  });
});
