export const login = (role: string): string => `
  aws:
    region: eu-west-1
    login:
      fn::open::aws-login:
        oidc: { roleArn: "arn:aws:iam::123456789012:role/${role}", sessionName: api-esc, duration: 1h }`;
export const secrets = (get: string, region = 'eu-west-1'): string => `
  secrets:
    fn::open::aws-secrets:
      region: ${region}
      login: \${aws.login}
      get: { ${get} }`;
export const parameters = (get: string): string => `
  parameters:
    fn::open::aws-parameter-store:
      region: eu-west-1
      login: \${aws.login}
      get: { ${get} }`;
export const READER = login('api-esc-reader');
export const ONE = secrets('database: { secretId: myapp/staging/database }');
export const KEY = parameters('key: { name: /app/key, decrypt: true }');

/** One secret, read by the role that a token is exchanged for. */
export const DEFAULT_VALUES = `${READER}${ONE}`;
