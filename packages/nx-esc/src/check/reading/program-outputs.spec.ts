import { requestedOutputs } from './program-outputs';
import { SourceFile } from './source-file';

test.each([
  ["const infra = new pulumi.StackReference('a/infra/dev');\ninfra.getOutput('url');", ['a/infra/dev url 2:18']],
  [
    'const r: StackReference = new StackReference(`infra/${getStack()}`);\nexport const u = r\n  .requireOutput("url");',
    ['infra/${stack} url 3:19'],
  ],
  ["const a = new StackReference('x/a/d'), b = 1;\nother.a.getOutput('url'); aa.getOutput('url');", []],
  ["const a = new StackReference('x/a/d');\n// a.getOutput('url')\na.getOutput(name);", []],
  ["new StackReference('x/a/d').getOutput('url');", []],
])('%s', (program, expected) => {
  const found = requestedOutputs(new SourceFile('index.ts', program));
  expect(found.map(({ stack, output, place: { line, column } }) => `${stack} ${output} ${line}:${column}`)).toEqual(
    expected,
  );
});
