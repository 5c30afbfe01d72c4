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
      'apps/api/esc/staging.yaml:15:13: the secret "myapp/staging/database" of aws-secrets is not JSON\n  → use it as a text, or store JSON',
  },
  'secret-store-unreachable': {
    meaning: 'the service that holds a secret does not answer',
    causes: ['no network, no route, or a proxy', 'a region that does not exist'],
    remedies: ['check the network and the region'],
    retry: 'back-off',
    example: 'secretsmanager.eu-west-1.amazonaws.com does not answer\n  → check the network and the region',
  },
  'secret-empty': {
    meaning: 'a secret has no value',
    causes: ['it was created without one'],
    remedies: ['give it a value: `aws secretsmanager put-secret-value`'],
    example: '"jwt": the secret api/staging/jwt has no value\n  → give it one',
  },
  'secret-unavailable': {
    meaning: 'a secret is marked for deletion',
    causes: ['somebody deleted it; AWS keeps it for some days'],
    remedies: ['restore it: `aws secretsmanager restore-secret`'],
    example: '"jwt": the secret api/staging/jwt is marked for deletion\n  → restore it, or take another',
  },
  'external-failed': {
    meaning: 'the service of `fn::open::external` failed',
    causes: ['it answers another status than 200, or no JSON object'],
    remedies: ['see what the service logged'],
    example: 'https://adapter.example.com answered 500\n  → see what the service logged',
  },
  'provider-module-failed': {
    meaning: 'a provider module of the workspace failed',
    causes: ['see its message'],
    remedies: ['mend the module, or its inputs'],
    example: 'the provider "inventory" failed: no such host\n  → see tools/esc/inventory.ts',
  },
  'key-file-missing': {
    meaning: 'there is no private key to decrypt with',
    causes: ['this machine has none yet'],
    remedies: ['make one: `nx-esc keys new`, and have somebody add you: `nx-esc recipient add`'],
    example: 'there is no private key in ~/.config/nx-esc/age.key\n  → make one: nx-esc keys new',
  },
  'key-file-exposed': {
    meaning: 'the file of the private key can be read by others',
    causes: ['it was copied with other permissions'],
    remedies: ['`chmod 600` the file'],
    example: '~/.config/nx-esc/age.key can be read by others\n  → chmod 600 it',
  },
  'key-file-invalid': {
    meaning: 'the file of the private key holds none',
    causes: ['it was cut off, or holds a public key'],
    remedies: ['restore it, or make a new one'],
    example: '~/.config/nx-esc/age.key holds no private key\n  → restore it',
  },
  'passphrase-missing': {
    meaning: 'a passphrase is needed, and nobody can be asked',
    causes: ['a run without a terminal'],
    remedies: ['set NX_ESC_PASSPHRASE, or a key'],
    example: 'the passphrase of the group is needed\n  → set NX_ESC_PASSPHRASE',
  },
  'kms-key-unusable': {
    meaning: 'a KMS key cannot be used',
    causes: ['it is disabled, or marked for deletion'],
    remedies: ['enable it, or rekey for others: `nx-esc rekey`'],
    example: 'the KMS key is disabled\n  → enable it',
  },
  'kms-unreachable': {
    meaning: 'AWS KMS does not answer',
    causes: ['no network, or a region that does not exist'],
    remedies: ['check the network and the region of the key'],
    retry: 'back-off',
    example: 'kms.eu-west-1.amazonaws.com does not answer\n  → check the network',
  },
  'state-not-written': {
    meaning: 'a secret was rotated, and its new state could not be written; it is printed, encrypted',
    causes: ['the file cannot be written'],
    remedies: ['put the printed state into the file'],
    example: 'apps/api/esc/prod.yaml cannot be written\n  → put the state that is printed above into it',
  },
  'rotation-failed': {
    meaning: 'a rotator failed; the secret that was in use still is',
    causes: ['the service refuses to make a new one', 'the rotator is not available on the local backend'],
    remedies: ['see the message of the rotator'],
    example: 'rotate: the rotator "mysql" is not available on the local backend\n  → use the cloud backend',
  },
  'key-file-unusable': {
    meaning: 'the key of a folder store can be read by others, or is no key',
    causes: ['it was copied, or cut off'],
    remedies: ['`chmod 600` the file, or restore it'],
    example: '.nx/esc-service/key can be read by others\n  → chmod 600 it',
  },
  'token-file-unusable': {
    meaning: 'the token file of `nx-esc serve` can be read by others',
    causes: ['it was made with other permissions'],
    remedies: ['`chmod 600` the file'],
    example: 'token.txt can be read by others\n  → chmod 600 it',
  },
});
