import { defineFailures } from './entry';

/** `pulumi`, or a command of the app. */
export const DEPLOY_FAILURES = defineFailures('deploy', {
  'program-failed': {
    meaning: 'the Pulumi program threw an error',
    causes: ['a fault of the program', 'configuration that it requires is missing'],
    remedies: ['see its message above; nothing was changed after the point where it failed'],
    example:
      'the Pulumi program failed\n  → see its message above; nothing was changed after the point where it failed',
  },
  'update-failed': {
    meaning: '`pulumi` failed otherwise',
    causes: ['a provider refused a resource', 'the network or the state backend failed in between'],
    remedies: ['see what it printed; the state holds what was done, and the next deployment goes on from there'],
    example:
      'pulumi up ended with exit code 255\n  → see what it printed above; the state holds what was done, and the next deployment goes on from there',
  },
  'stack-locked': {
    meaning: 'another deployment holds the lock of the stack',
    causes: ['two deployments at the same time', 'one that was killed, on a backend of files'],
    remedies: ['wait for it', 'if nothing runs any more: `pulumi cancel --stack <stack>`'],
    example:
      'another deployment holds the lock of the stack\n  → wait for it; if nothing runs any more, remove the lock: pulumi cancel --stack staging',
  },
  'pending-operations': {
    meaning: 'an earlier deployment was cut off in the middle of an operation',
    causes: ['a machine or a runner that was lost'],
    remedies: ['look what became of the resources, then `pulumi refresh --stack <stack>`'],
    example:
      'an earlier deployment was cut off in the middle of an operation\n  → look what became of the resources, then: pulumi refresh --stack staging',
  },
  'policy-violation': {
    meaning: 'a policy forbids the deployment',
    causes: ['a mandatory policy of the organization'],
    remedies: ['see the violations that are printed'],
    example: 'a policy forbids the deployment\n  → see the violations above',
  },
  'command-failed': {
    meaning: 'a command of the app ended with another code than 0',
    causes: ['see what it printed'],
    remedies: ['the stack itself has been deployed; mend the command and deploy again'],
    example:
      '"node deploy/replace-service.mjs" ended with exit code 7\n  → the stack itself has been deployed; mend the command and deploy again',
  },
  cancelled: {
    meaning: 'the deployment, or a question, was interrupted',
    causes: ['Ctrl-C, or a cancelled job'],
    remedies: ['the state is consistent and unlocked; run the deployment again to go on'],
    example: 'pulumi up was cancelled\n  → the state is consistent and unlocked; run the deployment again to go on',
  },
});
