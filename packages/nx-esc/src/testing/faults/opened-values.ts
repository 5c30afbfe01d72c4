export const MANY_SECRETS: readonly string[] = Array.from({ length: 40 }, (_, index) => `many/${index}`);

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

/** Of secrets with a version each is asked for by itself: five calls of the provider have forty under way. */
export const MANY = [0, 1, 2, 3, 4]
  .map((group) => {
    const entries = MANY_SECRETS.slice(group * 8, group * 8 + 8).map(
      (name, index) => `s${index}: { secretId: ${name}, versionStage: AWSCURRENT }`,
    );
    return secrets(entries.join(', ')).replace('secrets:', `many${group}:`);
  })
  .join('');

/** One secret, read by the role that a token is exchanged for. */
export const DEFAULT_VALUES = `${READER}${ONE}`;
