/** A variable that a format cannot hold: by its name, never by its value. */
export class UnrepresentableVariableError extends Error {}

const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Writes variables as `export` lines for POSIX shells. Single quotes keep every value as it is: `eval` restores it byte
 * for byte and executes none of it.
 *
 * @throws UnrepresentableVariableError for a name that no shell can hold, or a value with a NUL byte
 */
export function renderShell(variables: Iterable<readonly [name: string, value: string]>): string {
  return lines(variables, (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}'`);
}

/**
 * Writes variables as a dotenv file that dotenv, `node --env-file`, python-dotenv and Docker Compose read back exactly:
 * single quotes wherever the value allows them, newlines included.
 *
 * @throws UnrepresentableVariableError for a value that no quoting of the format can hold
 */
export function renderDotenv(variables: Iterable<readonly [name: string, value: string]>): string {
  return lines(variables, (name, value) => {
    const quoted = quoteForDotenv(value);
    if (quoted === undefined) {
      throw new UnrepresentableVariableError(
        `the value of ${name} mixes quotes in a way that a dotenv file cannot hold`,
      );
    }
    return `${name}=${quoted}`;
  });
}

function lines(
  variables: Iterable<readonly [name: string, value: string]>,
  render: (name: string, value: string) => string,
): string {
  let text = '';
  for (const [name, value] of variables) {
    if (!SHELL_NAME.test(name)) {
      throw new UnrepresentableVariableError(`${JSON.stringify(name)} is not a name that a shell can hold`);
    }
    if (value.includes('\0')) throw new UnrepresentableVariableError(`the value of ${name} holds a NUL byte`);
    text += `${render(name, value)}\n`;
  }
  return text;
}

function quoteForDotenv(value: string): string | undefined {
  if (!/['\r]|\\[\\']/.test(value)) return `'${value}'`;
  if (!/["\\$`]/.test(value)) return `"${value.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`;
  return /[`\r]/.test(value) ? undefined : `\`${value}\``;
}
