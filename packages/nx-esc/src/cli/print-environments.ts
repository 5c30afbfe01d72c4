import { escapeControls } from '../failures/escape-controls';
import { Failure } from '../failures/failure';

/**
 * Prints a table for people, or JSON.
 *
 * @throws Failure config/option-invalid
 */
export function printEnvironments(format: string, table: () => string, data: () => object[]): void {
  assertPrintable(format);
  process.stdout.write(format === 'json' ? `${JSON.stringify(data(), null, 2)}\n` : escapeControls(table()));
}

/** @throws Failure config/option-invalid, before anything is done that cannot be told afterwards */
export function assertPrintable(format: string): void {
  if (format === 'table' || format === 'json') return;
  throw new Failure({
    class: 'config',
    code: 'option-invalid',
    message: `unknown format "${format}"`,
    hint: 'formats: table, json',
  });
}
