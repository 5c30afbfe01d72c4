import { readFile } from 'node:fs/promises';
import type { Ci } from './ci';
import { acceptToken, requestFailed } from './token-failures';

const NAME = 'the token file';

/** A file that something else keeps fresh, as Kubernetes does: AWS_WEB_IDENTITY_TOKEN_FILE. */
export const tokenFile: Ci = {
  name: NAME,
  awsAudience: undefined,
  detect: (env) => Boolean(env.AWS_WEB_IDENTITY_TOKEN_FILE),
  runId: () => undefined,
  hasToken: (env) => Boolean(env.AWS_WEB_IDENTITY_TOKEN_FILE),
  async fetchToken({ env, audience }) {
    const file = env.AWS_WEB_IDENTITY_TOKEN_FILE ?? '';
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw requestFailed(NAME, `${file} cannot be read (${error.code ?? ''})`, 'check AWS_WEB_IDENTITY_TOKEN_FILE');
    });
    return acceptToken(NAME, text, audience);
  },
};
