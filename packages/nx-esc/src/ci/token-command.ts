import { captureProcess } from '../process/run-process';
import type { TokenRequest } from './ci';
import type { IdToken } from './id-token';
import { withinTime } from '../network/time-limit';
import { acceptToken, requestFailed } from './token-failures';

/** Has the CI's own command ask for a token. */
export function tokenOfCommand(
  ci: string,
  [command, ...args]: readonly [string, ...string[]],
  { env, audience, signal, timeLimit }: TokenRequest,
): Promise<IdToken> {
  return withinTime(signal, timeLimit.totalMs, async (limited) => {
    try {
      const { code, stdout } = await captureProcess({ command, args, cwd: process.cwd(), env, signal: limited });
      if (code === 0) return acceptToken(ci, stdout, audience);
      signal.throwIfAborted();
      const why = limited.aborted ? 'does not answer in time' : `ended with ${code}`;
      throw requestFailed(ci, `"${command}" ${why}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw requestFailed(ci, `the command "${command}" is not installed`, `install ${command} on the runner`);
    }
  });
}
