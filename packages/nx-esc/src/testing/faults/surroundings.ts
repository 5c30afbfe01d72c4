/** Nobody listens there, and it is no port that `fetch` refuses. */
export const CLOSED = 'http://127.0.0.1:59';
export const IMPATIENT = { NX_ESC_TIMEOUT: '4' };
export const NOT_CI: NodeJS.ProcessEnv = {
  GITHUB_ACTIONS: undefined,
  ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
};
export const NO_PERMISSION = { ...NOT_CI, GITHUB_ACTIONS: 'true' };
export const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'a-key-of-a-person-42' };
export const nxJson = (environments: object): Record<string, string> => ({
  'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options: { environments } }] }),
});
