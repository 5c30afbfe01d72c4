import type { Reporter } from '../deployment/reporter';
import { escapeControls } from '../failures/escape-controls';

/** Shows a deployment on the terminal, or in a log. */
export class ConsoleReporter implements Reporter {
  constructor(readonly stream: NodeJS.WritableStream = process.stdout) {}

  phase(title: string): void {
    this.#line(`\n▸ ${title}`);
  }

  phaseDone(summary: string, milliseconds: number): void {
    this.#line(`  ✓ ${summary} (${formatDuration(milliseconds)})`);
  }

  note(text: string): void {
    this.#line(`  ${text}`);
  }

  warn(text: string): void {
    this.#line(`  warning: ${text}`);
  }

  output(chunk: Uint8Array): void {
    this.stream.write(chunk);
  }

  #line(text: string): void {
    this.stream.write(`${escapeControls(text)}\n`);
  }
}

function formatDuration(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
