import { Failure } from '../failures/failure';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 24 * 3_600_000;

/**
 * Reads how long a session may last, such as `2h`, `90m` or `1h30m`, in milliseconds.
 *
 * @throws Failure config/option-invalid
 */
export function parseLifetime(text: string): number {
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  const milliseconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit as string] as number),
    0,
  );
  if (/^(?:\d+[hms])+$/.test(text) && milliseconds > 0 && milliseconds <= LONGEST_MS) return milliseconds;
  throw new Failure({
    class: 'config',
    code: 'option-invalid',
    message: `${JSON.stringify(text)} is no lifetime of a session`,
    hint: 'write hours, minutes or seconds, such as 2h or 90m; 24h at most',
  });
}
