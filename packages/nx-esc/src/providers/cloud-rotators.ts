import { entriesOf, ProviderFault, type Rotator, schemaOfData, secret, toData } from 'esc-eval';
import { openState } from './rotation-state';

const STRING = { type: 'string' };
const object = (properties: object, required: readonly string[] = [], more: object = {}): object => ({
  type: 'object',
  properties,
  required,
  ...more,
});

const APP_SECRET = object({ secretId: STRING, secretValue: STRING, createdAt: STRING, expiresAt: STRING }, [
  'secretId',
  'secretValue',
]);
const DATABASE_USER = object({ username: STRING, password: STRING });
const DATABASE = {
  inputs: object(
    {
      database: object(
        {
          host: STRING,
          port: { type: 'number' },
          database: STRING,
          managingUser: DATABASE_USER,
          connector: { type: 'object' },
        },
        ['host', 'port', 'database', 'managingUser'],
        { rotateOnly: ['managingUser'] },
      ),
      rotateUsers: object({ username1: STRING, username2: STRING }, ['username1', 'username2']),
    },
    ['database', 'rotateUsers'],
  ),
  state: object({ current: DATABASE_USER, previous: DATABASE_USER }),
};

const ROTATORS: Readonly<
  Record<string, { readonly inputs: object; readonly state: object; readonly outputs?: object }>
> = {
  'azure-app-secret': {
    inputs: object(
      { login: { type: 'object' }, clientId: STRING, lifetimeInDays: { type: 'number', minimum: 1, maximum: 730 } },
      ['login', 'clientId'],
      { rotateOnly: ['login'] },
    ),
    state: object({ current: APP_SECRET, previous: APP_SECRET }, ['current']),
  },
  mysql: DATABASE,
  postgres: DATABASE,
  'snowflake-user': {
    inputs: object({ login: { type: 'object' }, targetUser: STRING }, ['login', 'targetUser'], {
      rotateOnly: ['login'],
    }),
    state: object({ account: STRING, createdAt: STRING, privateKey: STRING }),
    outputs: object({ account: STRING, privateKey: STRING, rotatedAt: STRING, user: STRING }),
  },
  external: {
    inputs: object({ url: { type: 'string', pattern: '^https://' }, request: { type: 'object' } }, ['url'], {
      rotateOnly: ['request'],
    }),
    state: object({ current: true }, ['current']),
  },
};

/** A rotator that only Pulumi Cloud can rotate: what it has stored is opened here, too. Undefined for unknown names. */
export function createCloudRotator(name: string): Rotator | undefined {
  const schemas = Object.hasOwn(ROTATORS, name) ? ROTATORS[name] : undefined;
  if (schemas === undefined) return undefined;
  const { inputs, state, outputs = state } = schemas;
  return {
    inputs: schemaOfData(toData(inputs)),
    state: schemaOfData(toData(state)),
    outputs: schemaOfData(toData(outputs)),
    open(given, stored) {
      const opened = openState(stored, name === 'external' ? ['current'] : []);
      if (name !== 'snowflake-user') return opened;
      return {
        account: opened.get('account'),
        privateKey: secret(opened.get('privateKey')),
        rotatedAt: opened.get('createdAt'),
        user: entriesOf(given).get('targetUser')?.value,
      };
    },
    rotate() {
      throw new ProviderFault(`rotator "${name}" is not available on the local backend`, {
        hint: 'rotate this secret in Pulumi Cloud, or by hand: the local backend rotates password, passphrase and aws-iam',
      });
    },
  };
}
