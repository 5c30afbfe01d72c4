import type { SideComparison, SyncState } from './compare-sides';
import type { PulledEnvironment } from './pull-environments';
import type { PushedEnvironment } from './push-environments';

/** A comparison with what is known of the changes in the service. */
export interface StatusRow {
  readonly comparison: SideComparison;
  readonly changes?: string;
}

const STATES: Readonly<Record<SyncState, string>> = {
  'in-sync': 'in sync',
  ahead: 'ahead',
  behind: 'behind',
  diverged: 'diverged',
  'only-here': 'only here',
  'only-there': 'only there',
};
const ADVICE: Readonly<Record<SyncState, string | undefined>> = {
  'in-sync': undefined,
  ahead: 'the file has changes: push',
  behind: 'the service has changes: pull',
  diverged: 'both have changes: pull merges them',
  'only-here': 'push creates it',
  'only-there': 'pull makes a file of it',
};

export function renderStatus(rows: readonly StatusRow[]): string {
  return table(
    rows.map(({ comparison: { name, state, notes }, changes }) => [
      name,
      STATES[state],
      [changes, ...notes].filter(Boolean).join('; ') || (ADVICE[state] ?? ''),
    ]),
  );
}

export function statusData(rows: readonly StatusRow[]): object[] {
  return rows.map(({ comparison, changes }) => ({
    ...summaryOf(comparison),
    ...(changes !== undefined && { changes }),
  }));
}

export function renderPushed(pushed: readonly PushedEnvironment[]): string {
  return table(pushed.map((each) => [each.comparison.name, describePushed(each), remarksOf(each)]));
}

export function pushedData(pushed: readonly PushedEnvironment[]): object[] {
  return pushed.map(({ comparison, action, outcome, revision, notes, opened, error }) => ({
    ...summaryOf(comparison),
    action,
    outcome,
    notes,
    ...(opened.length > 0 && { secrets: opened }),
    ...(revision !== undefined && { revision }),
    ...(error instanceof Error && { error: error.message }),
  }));
}

export function renderPulled(pulled: readonly PulledEnvironment[], isDryRun: boolean): string {
  const words = isDryRun
    ? { create: 'would be created', update: 'would be updated', merge: 'would be merged' }
    : { create: 'created', update: 'updated', merge: 'merged' };
  return table(
    pulled.map(({ comparison: { name, state }, action }) => [
      name,
      action === 'none' ? STATES[state] : words[action],
      action === 'none' || isDryRun ? '' : 'review the file, and commit it',
    ]),
  );
}

export function pulledData(pulled: readonly PulledEnvironment[]): object[] {
  return pulled.map(({ comparison, action }) => ({ ...summaryOf(comparison), action }));
}

function summaryOf({ name, state, remote, notes }: SideComparison): object {
  return {
    environment: name,
    state,
    notes,
    ...(remote !== undefined && { revision: remote.revision }),
    ...(remote?.mark !== undefined && { pushed: remote.mark }),
  };
}

function describePushed({ action, outcome, comparison: { state } }: PushedEnvironment): string {
  if (action === 'none') return STATES[state];
  const [done, planned] = action === 'create' ? ['created', 'would be created'] : ['updated', 'would be updated'];
  return { done, planned, failed: 'failed', skipped: 'left out' }[outcome] as string;
}

function remarksOf({ revision, outcome, notes, opened }: PushedEnvironment): string {
  const secrets = opened.length === 0 ? [] : [`${opened.length} ${opened.length === 1 ? 'secret' : 'secrets'} sent`];
  const number = revision === undefined || outcome !== 'done' ? [] : [`revision ${revision}`];
  return [...number, ...secrets, ...notes].join('; ');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
