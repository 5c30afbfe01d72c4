import type { FaultRow } from './fault-row';
import { error, parameter, secret, THROTTLED } from './injected';
import { KEY, login, ONE, parameters, READER, secrets } from './opened-values';
import { CLOSED, IMPATIENT } from './surroundings';

export const SECRET_FAULTS: readonly FaultRow[] = [
  {
    name: 'clock is ten minutes off',
    faults: secret(
      error('InvalidSignatureException', 'Signature expired: 20261125T100000Z is now earlier than 20261125T101000Z'),
    ),
    failure: 'identity/clock-skew',
    exit: 20,
  },
  {
    name: 'clock is off, by the other name',
    faults: secret(error('RequestTimeTooSkewed', 'The difference is too large', 403)),
    failure: 'identity/clock-skew',
    exit: 20,
  },
  {
    name: 'session ends before the secret is read',
    faults: secret(error('ExpiredTokenException', 'The security token included in the request is expired')),
    failure: 'identity/sts-token-expired',
    exit: 20,
  },
  {
    name: 'secret is missing',
    values: `${READER}${secrets('database: { secretId: myapp/stagign/database }')}`,
    failure: 'secrets/secret-not-found',
    exit: 30,
    says: /"myapp\/stagign\/database" \(database\) in eu-west-1/,
  },
  {
    name: 'two secrets of three are missing',
    values: `${READER}${secrets('a: { secretId: none/a }, database: { secretId: myapp/staging/database }, b: { secretId: none/b }')}`,
    failure: 'secrets/secret-not-found',
    exit: 30,
    says: /none\/a[^]*also secrets\/secret-not-found: the secret "none\/b"/,
  },
  {
    name: 'secret is in another region',
    values: `${READER}${secrets('database: { secretId: myapp/staging/database }', 'us-west-2')}`,
    failure: 'secrets/secret-not-found',
    exit: 30,
    says: /in us-west-2/,
  },
  {
    name: 'role may not read the secret',
    values: `${login('blind')}${ONE}`,
    failure: 'secrets/secret-access-denied',
    exit: 30,
    says: /assumed-role\/blind\/api-esc may not read[^]*allow the role secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:.*-\?{6}/,
    asks: ['GetSecretValue', 1],
  },
  {
    name: 'Secrets Manager throttles twice',
    faults: secret({ ...THROTTLED, times: 2 }),
    exit: 0,
    asks: ['GetSecretValue', 3],
  },
  {
    name: 'Secrets Manager throttles for ever',
    faults: secret(THROTTLED),
    failure: 'secrets/secret-throttled',
    exit: 30,
    asks: ['GetSecretValue', 4],
  },
  {
    name: 'key of the secret is denied',
    faults: secret(error('AccessDeniedException', 'Access to KMS is not allowed')),
    failure: 'secrets/kms-denied',
    exit: 30,
    says: /kms:Decrypt/,
  },
  {
    name: 'secret cannot be decrypted',
    faults: secret(error('DecryptionFailure', "Secrets Manager can't decrypt the protected secret text")),
    failure: 'secrets/kms-denied',
    exit: 30,
  },
  {
    name: 'secret is marked for deletion',
    faults: secret(
      error(
        'InvalidRequestException',
        'You can’t perform this operation on the secret because it was marked for deletion.',
      ),
    ),
    failure: 'secrets/secret-unavailable',
    exit: 30,
  },
  {
    name: 'secret has no value',
    faults: secret({ kind: 'body', body: '{"Name":"myapp/staging/database"}' }),
    failure: 'secrets/secret-empty',
    exit: 30,
  },
  { name: 'secret is the empty text', faults: secret({ kind: 'body', body: '{"SecretString":""}' }), exit: 0 },
  {
    name: 'Secrets Manager hangs',
    faults: secret({ kind: 'hang' }),
    env: IMPATIENT,
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
  {
    name: 'Secrets Manager breaks off its answer',
    faults: secret({ kind: 'truncate' }),
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
  {
    name: 'Secrets Manager answers half of its JSON',
    faults: secret({ kind: 'cut' }),
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
  {
    name: 'Secrets Manager answers 500 for ever',
    faults: secret(error('InternalServiceError', 'An error occurred', 500)),
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
  {
    name: 'certificate of Secrets Manager is not trusted',
    env: { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'TLS' },
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
    says: /NODE_EXTRA_CA_CERTS/,
  },
  {
    name: 'parameter is missing',
    values: `${READER}${parameters('key: { name: /app/none }')}`,
    failure: 'secrets/secret-not-found',
    exit: 30,
    says: /the parameter "\/app\/none" \(key\) in eu-west-1/,
  },
  {
    name: 'role may not read the parameter',
    values: `${login('blind')}${KEY}`,
    failure: 'secrets/secret-access-denied',
    exit: 30,
    says: /ssm:GetParameters on arn:aws:ssm:eu-west-1:<account>:parameter\/app\/key/,
  },
  {
    name: 'key of the parameter is denied',
    values: `${READER}${KEY}`,
    faults: parameter(error('AccessDeniedException', 'User is not authorized to perform: kms:Decrypt on the resource')),
    failure: 'secrets/kms-denied',
    exit: 30,
  },
  {
    name: 'Systems Manager is down',
    values: `${READER}${KEY}`,
    env: { AWS_ENDPOINT_URL_SSM: CLOSED },
    failure: 'secrets/secret-store-unreachable',
    exit: 30,
  },
];
