/** A variable that a format cannot hold: by its name, never by its value. */
export class UnrepresentableVariableError extends Error {}

const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Numbers of shells, whose assigned text is arithmetic, which may hold `$(…)`: `RANDOM='a[$(id)]'` runs it. */
const ARITHMETIC =
  /^(?:BASHPID|COLUMNS|E?[GU]ID|EPOCH(?:SECONDS|REALTIME)|ERRNO|FUNCNEST|HISTCMD|HISTSIZE|KEYTIMEOUT|LINENO|LINES|LISTMAX|LOGCHECK|MAILCHECK|OPTIND|PERIOD|PPID|S?RANDOM|SAVEHIST|SECONDS|SHLVL|TMOUT|TRY_BLOCK_(?:ERROR|INTERRUPT)|TTYIDLE|ZSH_SUBSHELL)$/;
/** Texts that shells expand or run later, and lists of places from which they load what they run. */
const RUN_LATER =
  /^(?:PS[0-4]|R?PS[12]|R?PROMPT[2-4]?|SPROMPT|PROMPT_COMMAND|PSVAR|MAILPATH|mailpath|(?:READ)?NULLCMD|BASH_.*|path|fpath|FPATH|cdpath|module_path|MODULE_PATH|fish_(?:function_path|user_paths|complete_path)|PSModulePath)$/;

/**
 * Writes variables as `export` lines for POSIX shells. Single quotes keep every value as it is: `eval` restores it byte
 * for byte and executes none of it.
 *
 * @throws UnrepresentableVariableError for a name that no shell can hold as a plain text, or a value with a NUL byte
 */
export function renderShell(variables: Iterable<readonly [name: string, value: string]>): string {
  let text = '';
  for (const [name, value] of variables) {
    assertInert(name, value);
    text += `export ${name}='${value.replaceAll("'", "'\\''")}'\n`;
  }
  return text;
}

/**
 * Writes variables as a dotenv file that dotenv, `node --env-file`, python-dotenv and Docker Compose read back exactly, new
 * lines included: single quotes wherever the value allows them. Only a carriage return is read wrong by Node.js.
 *
 * @throws UnrepresentableVariableError for a value that no quoting of the format can hold
 */
export function renderDotenv(variables: Iterable<readonly [name: string, value: string]>): string {
  let text = '';
  for (const [name, value] of variables) {
    assertRepresentable(name, value);
    const quoted = quoteForDotenv(value);
    if (quoted === undefined) {
      throw new UnrepresentableVariableError(
        `the value of ${name} mixes quotes in a way that a dotenv file cannot hold`,
      );
    }
    text += `${name}=${quoted}\n`;
  }
  return text;
}

/** @throws UnrepresentableVariableError for a name that no shell can hold, or a value with a NUL byte */
export function assertRepresentable(name: string, value: string): void {
  if (!SHELL_NAME.test(name)) {
    throw new UnrepresentableVariableError(`${JSON.stringify(name)} is not a name that a shell can hold`);
  }
  if (value.includes('\0')) throw new UnrepresentableVariableError(`the value of ${name} holds a NUL byte`);
}

/** @throws UnrepresentableVariableError also for a name whose value a shell would evaluate, quoted as it may be */
export function assertInert(name: string, value: string): void {
  assertRepresentable(name, value);
  if (ARITHMETIC.test(name) || RUN_LATER.test(name)) {
    throw new UnrepresentableVariableError(`shells evaluate what is assigned to ${name}`);
  }
}

/** Finds a form that all of the parsers read alike: they differ in backslashes, backquotes and quotes within quotes. */
function quoteForDotenv(value: string): string | undefined {
  if (!/['\r]|\\[\\']|\\$/.test(value)) return `'${value}'`;
  if (!/["\\$`]/.test(value)) return `"${value.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`;
  return /^[^\s'"`#$][^\n\r`#$]*$/.test(value) && value.trim() === value ? value : undefined;
}
