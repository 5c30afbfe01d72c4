import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEnvironment } from 'esc-eval';
import { createTestHost } from 'esc-eval/testing';
import { renderConfigFile } from './config-file';
import { readStackFile } from './stack-file';

const folder = mkdtempSync(join(tmpdir(), 'nx-esc-spec-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function stackFile(text: string) {
  const file = join(folder, 'Pulumi.dev.yaml');
  writeFileSync(file, text);
  return readStackFile(file);
}

async function rootOf(source: string) {
  const { environment } = await openEnvironment({ name: 'test', source, host: createTestHost({ environments: {} }) });
  return environment?.root;
}

test('puts the environment beneath the own configuration, its secrets encrypted', async () => {
  const text = await renderConfigFile({
    stackFile: stackFile(
      'environment: [api/dev]\nencryptionsalt: v1:x\nconfig:\n  app:size: 3\n  app:nested: { a: 1 }\n',
    ),
    root: await rootOf(
      'values:\n  pulumiConfig:\n    size: 1\n    "aws:region": eu\n    nested: { a: 0, b: { fn::secret: s3cret } }\n    key: { fn::secret: hidden }\n',
    ),
    projectName: 'app',
    encrypt: (plaintext) => Promise.resolve(`sealed(${plaintext.length})`),
  });
  expect(text).toBe(
    [
      'encryptionsalt: v1:x',
      'config:',
      '  aws:region: eu',
      '  app:key:',
      '    secure: sealed(6)',
      '  app:nested:',
      '    a: 1',
      '    b:',
      '      secure: sealed(6)',
      '  app:size: 3',
      '',
    ].join('\n'),
  );
});

test('an inline environment is a document of its own', () => {
  const { environment } = stackFile('environment:\n  imports: [api/base]\n  values: { a: 1 }\n');
  expect(environment).toMatchObject({ kind: 'anonymous', text: 'imports:\n  - api/base\nvalues:\n  a: 1\n' });
});

test('a broken stack file is named with line and column', () => {
  expect(() => stackFile('config:\n  a: [1\n  b: 2\n')).toThrow(
    expect.objectContaining({ code: 'stack-file-invalid', location: expect.objectContaining({ line: 3 }) as object }),
  );
});
