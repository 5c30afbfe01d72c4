import { defineFailures } from './entry';

/** A secret cannot be fetched, decrypted or encrypted. */
export const SECRETS_FAILURES = defineFailures('secrets', {
  'secret-not-found': {
    meaning: 'there is no secret or parameter of that name in that account and region',
    causes: ['a typing error', 'another region', 'it was deleted'],
    remedies: [
      'compare name and region with the console',
      'the name may not have the six characters that AWS appends to an ARN',
    ],
    example:
      'apps/api/esc/staging.yaml:12:31: there is no secret "myapp/staging/jwt" in eu-west-1\n  → check its name and the region',
  },
  'secret-access-denied': {
    meaning: 'the role may not read a secret',
    causes: ['the policy of the role lacks it', 'a resource policy of the secret forbids it'],
    remedies: ['allow the action of the message on the ARN of the message for the role of the message'],
    example:
      'apps/api/esc/staging.yaml:12:31: api-esc-reader may not read "myapp/staging/jwt"\n  → allow secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:123456789012:secret:myapp/staging/jwt-??????',
  },
  'kms-denied': {
    meaning: 'the role may read a secret, but not decrypt it',
    causes: ['the secret has a key of its own, whose policy lacks the role'],
    remedies: ['allow `kms:Decrypt` on the key, for the role, with the condition `kms:ViaService`'],
    example:
      'apps/api/esc/staging.yaml:12:31: the key of "myapp/staging/jwt" refuses to decrypt\n  → allow kms:Decrypt for the role',
  },
  'secret-throttled': {
    meaning: 'AWS refuses so many requests, after all retries too',
    causes: ['many deployments at the same time'],
    remedies: ['run it again later', 'put what belongs together into one secret'],
    retry: 'back-off',
    example: 'Secrets Manager refuses more requests for now (4 tries)\n  → run it again in a minute',
  },
  'secret-unreachable': {
    meaning: 'the service that holds a secret does not answer',
    causes: ['no network, no route, or a proxy', 'a region that does not exist', 'TLS is intercepted'],
    remedies: ['check the network and the region'],
    retry: 'back-off',
    example: 'secretsmanager.eu-west-1.amazonaws.com does not answer (10 s)\n  → check the network and the region',
  },
  'secret-decrypt-failed': {
    meaning: 'a secret cannot be decrypted',
    causes: ['no key for any of its recipients', 'a wrong passphrase', 'a damaged ciphertext'],
    remedies: ['set the key or the passphrase that the hint names'],
    example:
      "the stack's secrets cannot be decrypted\n  → set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of the stack",
  },
  'secret-encrypt-failed': {
    meaning: "the stack's secrets provider refuses to encrypt its configuration",
    causes: ['no access to the key of the secrets provider'],
    remedies: ['check that you may use it: `pulumi stack change-secrets-provider` shows how to set it'],
    example:
      "the stack's secrets provider refused: AccessDeniedException\n  → check that you may use the secrets provider of the stack",
  },
  'secret-not-json': {
    meaning: 'a secret that is read as JSON is not JSON',
    causes: ['a plain text in Secrets Manager', 'a text that was cut off'],
    remedies: ['leave out `fn::fromJSON`', 'store a JSON object'],
    example:
      'apps/api/esc/staging.yaml:15:13: the secret "myapp/staging/database" is not JSON\n  → use it as a text, or store JSON',
  },
});
