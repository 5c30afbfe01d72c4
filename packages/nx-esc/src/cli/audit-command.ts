import type { AuditRecord } from '../audit/audit-record';
import { escapeControls } from '../failures/escape-controls';
import { Failure } from '../failures/failure';
import { readPluginOptions } from '../workspace/plugin-options';
import { processEnvironmentWithDotenv } from '../workspace/process-environment';
import { openAuditLog } from '../workspace/session-audit';
import { readNxJson } from './cli-session';

export interface AuditCommandOptions {
  readonly workspaceRoot: string;
  readonly environment?: string;
  readonly since?: string;
  readonly format: string;
}

const FORMATS: Readonly<Record<string, (records: readonly AuditRecord[]) => string>> = {
  table: renderTable,
  json: (records) => `${JSON.stringify(records, null, 2)}\n`,
};

/**
 * Prints the audit log of the workspace, the oldest record first.
 *
 * @throws Failure config/option-invalid
 */
export function auditCommand({ workspaceRoot, environment, since, format }: AuditCommandOptions): void {
  const render = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (render === undefined) throw invalid(`unknown format "${format}"`, `formats: ${Object.keys(FORMATS).join(', ')}`);
  const from = since === undefined ? 0 : timeOf(since, Date.now());
  const options = readPluginOptions(readNxJson(workspaceRoot)).audit ?? {};
  const log = openAuditLog(workspaceRoot, options, processEnvironmentWithDotenv(workspaceRoot));
  const records = log
    .read()
    .filter((record) => Date.parse(record.time) >= from && (environment === undefined || isAbout(record, environment)));
  const text = render(records);
  process.stdout.write(format === 'json' ? text : escapeControls(text));
}

function isAbout({ environment, stack }: AuditRecord, name: string): boolean {
  return [environment, stack].some((each) => {
    const last = each?.split('/').at(-1);
    return each === name || last === name || last === `Pulumi.${name}.yaml`;
  });
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Reads a date, or how long ago something was. */
function timeOf(text: string, now: number): number {
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (UNITS[unit] as number) * 1000;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(`"${text}" is no time`, 'write a date (2026-11-01), or how long ago (24h, 7d)');
  return time;
}

function renderTable(records: readonly AuditRecord[]): string {
  if (records.length === 0) return 'nothing is written down\n';
  const rows = records.map((record) => {
    const { time, operation, environment = '', stack = '', who, commit = '', outcome, milliseconds } = record;
    const result = outcome === 'succeeded' ? 'succeeded' : `failed: ${record.class}/${record.code}`;
    const by = who.subject ?? who.arn ?? who.triggeredBy ?? who.user;
    return [time, operation, stack || environment, by, commit.slice(0, 9), result, `${milliseconds} ms`];
  });
  const all = [['time', 'what', 'of', 'who', 'commit', 'outcome', ''], ...rows];
  const widths = (all[0] as string[]).map((_, column) => Math.max(...all.map((row) => (row[column] as string).length)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] as number))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function invalid(message: string, hint: string): Failure {
  return new Failure({ class: 'config', code: 'option-invalid', message, hint });
}
