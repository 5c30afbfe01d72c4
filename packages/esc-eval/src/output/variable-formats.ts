import { assertInert, assertRepresentable } from './shell';

type Variables = Iterable<readonly [name: string, value: string]>;

/**
 * Writes variables for fish, to be read by `source`. In its single quotes a backslash escapes itself and the quote, and
 * nothing else has a meaning.
 *
 * @throws UnrepresentableVariableError
 */
export function renderFish(variables: Variables): string {
  return renderLines(variables, (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, '\\$&')}'`);
}

/** The characters that PowerShell takes for a single quote; each escapes itself. */
const POWERSHELL_QUOTES = /['‘’‚‛]/g;

/**
 * Writes variables for PowerShell, to be run by `Invoke-Expression`. Before version 7.5 an empty text removes a variable.
 *
 * @throws UnrepresentableVariableError
 */
export function renderPowerShell(variables: Variables): string {
  return renderLines(variables, (name, value) => `$env:${name} = '${value.replace(POWERSHELL_QUOTES, '$&$&')}'`);
}

const NUON_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * Writes variables as a record for Nushell, to be read by `from nuon | load-env`: data, of which nothing can be run.
 *
 * @throws UnrepresentableVariableError
 */
export function renderNushell(variables: Variables): string {
  const entries: string[] = [];
  for (const [name, value] of variables) {
    assertInert(name, value);
    entries.push(`  "${name}": "${value.replace(/["\\\n\r\t]/g, (character) => NUON_ESCAPES[character] as string)}"`);
  }
  return entries.length === 0 ? '{}\n' : `{\n${entries.join(',\n')}\n}\n`;
}

/**
 * Writes variables as one flat JSON object, for tools that read variables rather than an environment.
 *
 * @throws UnrepresentableVariableError
 */
export function renderVariablesAsJson(variables: Variables): string {
  const entries: [string, string][] = [];
  for (const [name, value] of variables) {
    assertRepresentable(name, value);
    entries.push([name, value]);
  }
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

function renderLines(variables: Variables, render: (name: string, value: string) => string): string {
  let text = '';
  for (const [name, value] of variables) {
    assertInert(name, value);
    text += `${render(name, value)}\n`;
  }
  return text;
}
