import { defineFailures } from './entry';

/** What is written about secrets: their texts, their recipients and keys, and their rotation. */
export const SECRETS_IN_FILES_FAILURES = defineFailures('config', {
  'plaintext-secret': {
    meaning: '`fn::secret` holds its value in plain text',
    causes: ['a secret was written into the file by hand'],
    remedies: ['encrypt it: `nx-esc encrypt <environment>`', 'write secrets with `nx-esc secret set`'],
    example: 'apps/api/esc/prod.yaml:4:15: fn::secret is in plain text\n  → encrypt it: nx-esc encrypt api/prod',
  },
  'recipients-missing': {
    meaning: 'there is nobody to encrypt a secret for',
    causes: ['`esc.recipients.yaml` is missing, or lacks the group of the environment'],
    remedies: ['add a recipient: `nx-esc recipient add <name>`'],
    example: 'there are no recipients for api/prod\n  → add one: nx-esc recipient add <name>',
  },
  'recipients-invalid': {
    meaning: '`esc.recipients.yaml` does not have the form that it needs',
    causes: ['it was edited by hand', 'a merge left both sides in it'],
    remedies: ['mend the line of the message'],
    example:
      'esc.recipients.yaml:3:5: this is no key that can be encrypted for\n  → write an age key (age1…) or the ARN of a KMS key',
  },
  'secret-not-in-file': {
    meaning: 'the environment itself has no secret at that path',
    causes: ['the secret is in an environment that it imports', 'a typing error'],
    remedies: ['list them: `nx-esc secret ls <environment>`'],
    example: 'api/prod has no secret database.pasword\n  → it has: database.password',
  },
  'rotation-not-found': {
    meaning: 'the environment has no `fn::rotate` at that path',
    causes: ['a typing error', 'the rotation is in an environment that it imports'],
    remedies: ['take one of the paths of the hint'],
    example: 'api/prod has no rotation at database\n  → it has: database.user',
  },
  'key-file-exists': {
    meaning: 'there is a private key already',
    causes: ['`nx-esc keys new` was run before'],
    remedies: ['show its public half: `nx-esc keys show`'],
    example: '~/.config/nx-esc/key.txt holds a key already\n  → show its public half: nx-esc keys show',
  },
  'passphrase-refused': {
    meaning: 'a new passphrase cannot be taken',
    causes: ['it is short', 'it was repeated differently'],
    remedies: ['choose a longer one, and write it twice'],
    example: 'the passphrases differ\n  → write the same twice',
  },
  'rotation-failed': {
    meaning: 'a rotator failed; the secret that was in use still is',
    causes: ['the service refuses to make a new one', 'the rotator is not available on the local backend'],
    remedies: ['see the message of the rotator'],
    example: 'rotate: the rotator "mysql" is not available on the local backend\n  → use the cloud backend',
  },
});
