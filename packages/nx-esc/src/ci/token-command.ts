import { captureProcess } from '../process/run-process';
import type { TokenRequest } from './ci';
import type { IdToken } from './id-token';
import { withinTimeLimit } from '../network/time-limit';
import { acceptToken, requestFailed } from './token-failures';

/** Has the CI's own command ask for a token. */
export async function tokenOfCommand(
  ci: string,
  [command, ...args]: readonly [string, ...string[]],
  { env, audience, signal, timeLimit }: TokenRequest,
): Promise<IdToken> {
  try {
    return await withinTimeLimit(signal, timeLimit.totalMs, async (limited) => {
      const { code, stdout } = await captureProcess({ command, args, cwd: process.cwd(), env, signal: limited });
      if (code === 0) return acceptToken(ci, stdout, audience);
      signal.throwIfAborted();
      throw requestFailed(
        ci,
        limited.aborted ? `"${command}" does not answer in time` : `"${command}" ended with ${code}`,
      );
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw requestFailed(ci, `the command "${command}" is not installed`, `install ${command} on the runner`);
  }
}
