import { defineFailures } from './entry';

/** Files and the service that keeps the environments stand to each other as they must not. */
export const SYNCHRONIZATION_FAILURES = defineFailures('config', {
  'remote-ahead': {
    meaning: 'an environment was changed in the service, and the file lacks that; nothing was written',
    causes: ['somebody edited it in the console, or with `pulumi env`', 'it was pushed from a commit that is not here'],
    remedies: [
      'take the changes over: `nx-esc pull <environment>`, and commit them',
      'look at them: `nx-esc diff <environment> --remote`',
      'overwrite them: `nx-esc push <environment> --force`',
    ],
    example:
      'apps/api/esc/prod.yaml: api/prod was changed in the service (revision 9 by ann, 2026-11-25T12:00:03Z); nothing was written\n  → take them over: nx-esc pull api/prod; --force overwrites them',
  },
  'merge-conflict': {
    meaning: 'the file and the service have changed the same keys, each in its own way; nothing was written',
    causes: ['somebody edited the environment in the service while it was edited here'],
    remedies: [
      'write into the file what is to be, commit it, and `nx-esc push <environment> --force`',
      'give up what the file has: `nx-esc pull <environment> --force`',
    ],
    example:
      'apps/api/esc/prod.yaml: api/prod was changed on both sides, each in its own way: values.port\n  → write into the file what is to be, commit it, and overwrite the service: nx-esc push api/prod --force',
  },
  'file-not-committed': {
    meaning: 'an environment is to be pushed whose file git does not have as it is; nothing was written',
    causes: ['the file was edited, and not committed'],
    remedies: ['commit it', 'push it as a draft: `--uncommitted`'],
    example:
      'apps/api/esc/prod.yaml: api/prod has changes that are not committed\n  → commit them, or push a draft: --uncommitted',
  },
  'import-unqualified': {
    meaning: 'an import without its project means another environment in Pulumi Cloud',
    causes: ['`- base` for the sibling `api/base`'],
    remedies: ['write the project, too: `nx-esc check --fix` does'],
    example:
      'apps/api/esc/prod.yaml: the import "base" means default/base in Pulumi Cloud, and api/base here\n  → write api/base: nx-esc check --fix does',
  },
  'service-insecure': {
    meaning: 'secrets would go to the service over an unencrypted connection',
    causes: ['the URL of the service begins with `http:` and is not of this machine'],
    remedies: ['use `https:`'],
    example: 'http://pulumi.example.com is not encrypted\n  → use https: secrets go to the service and come from it',
  },
  'push-failed': {
    meaning: 'environments could not be pushed; those before them were',
    causes: ['more than one reason: each is listed'],
    remedies: ['remove the reasons, and push again: what was pushed is not pushed twice'],
    example:
      '2 of 7 environments could not be pushed, 1 was left out\n  → push again when the reasons are gone: what was pushed is not pushed twice',
  },
});
