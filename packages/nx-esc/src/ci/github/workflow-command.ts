import { redactableLines } from '../../process/secret-forms';
import type { Environment } from '../../pulumi/environment';

/** Writes a workflow command of GitHub Actions: one line that its runner acts upon instead of showing it. */
export function workflowCommand(
  name: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  data: string,
): string {
  const pairs = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [`${key}=${escapeProperty(String(value))}`],
  );
  return `::${[name, pairs.join(',')].filter(Boolean).join(' ')}::${escapeData(data)}\n`;
}

/**
 * The commands that have texts masked in the log from now on: one for each line, since the runner looks at lines, and
 * one for the JSON form where that differs. White space at the ends is left out, as in redaction.
 */
export function maskCommands(secrets: Iterable<string>): string {
  const lines = new Set<string>();
  for (const secret of secrets) {
    // The runner masks every such text in the log: what is not redacted is not masked either.
    for (const text of redactableLines(secret)) {
      lines.add(text);
      lines.add(JSON.stringify(text).slice(1, -1));
    }
  }
  return [...lines].map((line) => workflowCommand('add-mask', {}, line)).join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const COLON = 0x3a;
const HASH = 0x23;
const BRACKET = 0x5b;
const SPACE = Buffer.from(' ');

/**
 * Takes the effect from workflow commands in a stream: `::name::` at the beginning of a line, white space apart, and
 * `##[name]` anywhere (ActionCommand.cs of the runner). A space goes between their first characters.
 */
export class CommandNeutralizer {
  /** Whether only white space, or what may be, stands on the line so far. */
  #isBlank = true;
  #previous = NEWLINE;
  #beforePrevious = NEWLINE;

  write(chunk: Uint8Array): Buffer {
    const pieces: Uint8Array[] = [];
    let begin = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] as number;
      const isCommand =
        (byte === COLON && this.#previous === COLON && this.#isBlank) ||
        (byte === BRACKET && this.#previous === HASH && this.#beforePrevious === HASH);
      if (isCommand) {
        pieces.push(chunk.subarray(begin, index), SPACE);
        begin = index;
      }
      if (byte === NEWLINE || byte === CARRIAGE_RETURN) this.#isBlank = true;
      else if (byte !== COLON || this.#previous === COLON) this.#isBlank &&= isSpace(byte) && this.#previous !== COLON;
      this.#beforePrevious = this.#previous;
      this.#previous = byte;
    }
    pieces.push(chunk.subarray(begin));
    return Buffer.concat(pieces);
  }
}

/** What the output of programs goes through that are not to give commands to the runner: nothing outside of Actions. */
export function createCommandGuard(env: Environment): (chunk: Buffer) => Buffer {
  if (env.GITHUB_ACTIONS !== 'true') return (chunk) => chunk;
  const neutralizer = new CommandNeutralizer();
  return (chunk) => neutralizer.write(chunk);
}

/** White space, or a byte of a character that may be some. */
function isSpace(byte: number): boolean {
  return byte <= 0x20 || byte >= 0x80;
}
