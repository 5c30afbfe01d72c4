import { parseEnvironment } from 'esc-eval';
import { normalizeOptions } from '../../workspace/plugin-options';
import { deploysIn, namesInCommands } from './commands';
import { credentialIn } from './credentials';
import { SourceFile } from './source-file';
import { readStackDocument } from './stack-document';
import { StructuredFile } from './structured-file';

const OPTIONS = normalizeOptions(undefined);
/** Written in parts, so that nobody takes them for real ones. */
const AWS_KEY = `AKIA${'Q3XK7ZC2LMN4P5RT'}`;

describe('credentials', () => {
  test.each([
    ['anything', AWS_KEY],
    ['x', `ghp_${'a1'.repeat(18)}`],
    ['x', `pul-${'0123456789abcdef'.repeat(3).slice(0, 40)}`],
    ['url', 'postgres://api:s3cretPass@db.example.com/api'],
    ['x', '-----BEGIN RSA PRIVATE KEY-----\nMIIB'],
    ['apiKey', '9f8a7b6c5d4e3f2a'],
    ['DATABASE_PASSWORD', 'Tr0ub4dor&3x'],
    ['client-secret', 'x7Kq92LmZp0a'],
  ])('%s: %s', (key, text) => expect(credentialIn(key, text)).toBeDefined());

  test.each([
    ['secret', 'not-a-secret'],
    ['secretId', 'myapp/staging/database9'],
    ['password', 'changeme-123'],
    ['password', 'postgres'],
    ['tokenUrl', 'https://example.com/9f8a7b6c5d4e'],
    ['token', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x'],
    ['secretArn', 'a1b2c3d4e5f6a7b8'],
    ['url', 'postgres://api@db.example.com/api'],
    ['url', 'postgres://api:$' + '{password}@db.example.com/api'],
    ['commit', '9f8a7b6c5d4e3f2a1b0c9f8a7b6c5d4e3f2a1b0c'],
    ['passwordHint', 'a1b2c3d4e5f6'],
  ])('not %s: %s', (key, text) => expect(credentialIn(key, text)).toBeUndefined());
});

describe('what commands name', () => {
  test.each([
    ['nx run api:deploy:prod', ['environment prod api']],
    ['npx nx deploy api --env=prod && echo done', ['environment prod api']],
    ['nx affected -t deploy --env prod --parallel=3', ['environment prod']],
    ['nx run-many --targets=build,deploy -c prod', ['environment prod']],
    ['nx build api -c production', []],
    ['nx affected -t deploy --env=$STAGE', []],
    ['nx affected -t deploy --env=${{ matrix.env }}', []],
    ['npx nx-esc open -f json api/prod', ['reference json']],
    ['nx-esc run api/prod -- npm start', ['reference api/prod']],
    ['./node_modules/.bin/pulumi up -s acme/api/prod', ['stack acme/api/prod']],
    ['pulumi stack select prod', []],
    ['nx deploy \\\n  api \\\n  --env=prod', ['environment prod api']],
    ['echo nx; nx deploy api -c "prod"', ['environment prod api']],
  ])('%s', (text, expected) => {
    const found = namesInCommands(text, OPTIONS);
    expect(found.map(({ kind, name, project }) => [kind, name, project].filter(Boolean).join(' '))).toEqual(expected);
    for (const { name, at } of found) expect(text.slice(at, at + name.length)).toBe(name);
  });

  test.each([
    ['npx nx affected -t deploy --env=prod', true],
    ['nx run api:destroy', true],
    ['pulumi up --yes', true],
    ['pulumi preview', false],
    ['nx affected -t build', false],
    ['echo deploy', false],
  ])('%s deploys: %s', (text, expected) => expect(deploysIn(text, OPTIONS)).toBe(expected));
});

describe('the document in a stack’s file', () => {
  test.each([
    'config: { a: 1 }\nenvironment:\n  - app/one\n  - app/two # why\nmore: 1\n',
    'environment: [app/one, "app/two"]\n',
    '"environment": [app/one,\n  app/two]\nmore: 1\n',
    'config: {}\n\nenvironment:\n- app/one\n- app/two\n',
    'config:\n  a: 1\nenvironment:\n  imports: [app/one, app/two]\n  values: { a: 1 }\nmore: 1\n',
    'environment: { imports: [app/one, app/two], values: { a: 1 } }\n',
  ])('stands where it stands in the file: %j', (text) => {
    const document = readStackDocument(text);
    const { declaration, diagnostics } = parseEnvironment('x', document?.text ?? '');
    expect(diagnostics).toEqual([]);
    expect(declaration?.imports.map(({ name }) => name)).toEqual(['app/one', 'app/two']);
    const source = new SourceFile('x', text);
    for (const { name, range } of declaration?.imports ?? []) {
      expect(source.text.slice(source.offsetOf(range.begin)).replace(/^["']/, '').startsWith(name)).toBe(true);
    }
  });

  test.each(['config: {}\n', 'environment: app/one\n', 'environment: [\n', ''])('is none in %j', (text) => {
    expect(readStackDocument(text)).toBeUndefined();
  });
});

describe('places', () => {
  test('columns count code points, as those of the language do', () => {
    const source = new SourceFile('f', '\ufeffa\n😀x: 1\n');
    expect(source.placeAt(5, 6)).toEqual({ file: 'f', line: 2, column: 2, end: { line: 2, column: 3 } });
    expect(source.offsetOf({ line: 2, column: 2 })).toBe(5);
    expect(source.placeAt(1)).toEqual({ file: 'f', line: 1, column: 1 });
    expect(source.offsetOf({ line: 1, column: 1 })).toBe(1);
  });

  test('keys and values of JSON and YAML have theirs', () => {
    const json = new StructuredFile(new SourceFile('f', '{\n  "a": { "b": [1, "x"] }\n}\n'));
    expect(json.placeOf(['a', 'b', 1])).toMatchObject({ line: 2, column: 19 });
    expect(json.placeOfKey(['a', 'b'])).toMatchObject({ line: 2, column: 10 });
    expect(json.at(['a', 'b', 1])).toBe('x');
    expect(json.at(['a', 'constructor'])).toBeUndefined();
    const yaml = new StructuredFile(new SourceFile('f', 'a:\n  b: x\n'));
    expect(yaml.placeOf(['a', 'missing'])).toMatchObject({ line: 2, column: 3 });
  });
});
