import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ModuleKind, transpileModule } from 'typescript';
import * as api from './index';
import { loadDeclaration } from './evaluation/load';

/** The fenced blocks of a language in a page. */
function snippetsOf(page: string, language: string): string[] {
  const text = readFileSync(resolve(__dirname, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code as string);
}

test.each(snippetsOf('../../../docs/language.md', 'yaml'))(
  'an environment of docs/language.md has no faults: %s',
  (text) => {
    expect(loadDeclaration('env', text).diagnostics).toEqual([]);
  },
);

test('the program of the README prints what it says', async () => {
  const [program] = snippetsOf('../README.md', 'ts') as [string];
  const said = [...program.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line).join('\n');
  const { outputText } = transpileModule(
    program.replace(/^(?=const \{ environment)/m, 'async function main() {\n') + '\n}',
    {
      compilerOptions: { module: ModuleKind.CommonJS },
    },
  );
  const printed: string[] = [];
  const run = new Function('require', 'exports', 'console', `${outputText}\nreturn main();`);
  await run(
    () => api,
    {},
    { log: (text: string) => printed.push(text), error: (...words: unknown[]) => printed.push(words.join(' ')) },
  );
  expect(JSON.parse(printed.join('\n'))).toEqual(JSON.parse(said));
});
