import { ServiceError } from './service-error';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const DURATION = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;
const PART = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;
const DEFAULT = '2h';
const MAXIMUM_MS = 24 * 3_600_000;

/**
 * Reads how long an environment is to stay open, in Go's syntax: `2h0m0s`.
 *
 * @throws ServiceError 400
 */
export function readDuration(text: string | undefined): number {
  const written = text === undefined || text === '' ? DEFAULT : text;
  if (!DURATION.test(written)) throw new ServiceError(400, `${JSON.stringify(written)} is no duration such as 1h30m`);
  let milliseconds = 0;
  for (const [, count, unit] of written.matchAll(PART))
    milliseconds += Number(count) * (UNITS[unit as string] as number);
  if (milliseconds <= 0 || milliseconds > MAXIMUM_MS)
    throw new ServiceError(400, 'an environment is open for more than 0 and at most 24 hours');
  return milliseconds;
}
