import { defineFailures } from './entry';

/** What is written: an environment, a stack's file, an option. */
export const CONFIG_FAILURES = defineFailures('config', {
  'environment-not-found': {
    meaning: 'there is no environment of that name; those there are are listed',
    causes: ['a typing error in `--env`, `-c` or `imports`', 'the file is not in the folder `esc/` of a project'],
    remedies: ['take one of the names of the hint', 'add `<project>/esc/<environment>.yaml`'],
    example: 'infra has no environment "stagign"\n  → there are: dev, staging, prod',
  },
  'invalid-env-name': {
    meaning: 'a name that no environment can have',
    causes: ['a path instead of a name', 'more than `[organization/]project/environment`'],
    remedies: ['write `project/environment`, of letters, digits, `-`, `_` and `.`'],
    example: '"../secrets" is not the name of an environment\n  → write project/environment',
  },
  'no-environment-selected': {
    meaning:
      'neither `--env` nor `-c` was given; there is no default, since Nx drops a mistyped configuration silently',
    causes: ['the task was run without an environment', '`-c` names a configuration that the target does not have'],
    remedies: ['add `--env=<environment>`'],
    example: 'no environment is selected for api\n  → add --env=<environment>; there are: dev, staging, prod',
  },
  'environment-mismatch': {
    meaning: '`--env` and `-c` name different environments',
    causes: ['a script gives one of them, and the command line the other'],
    remedies: ['give one of them'],
    example:
      '--env=dev and the configuration "staging" of api name different environments\n  → give one of them; there are: dev, staging',
  },
  'output-missing': {
    meaning: 'a stack has no output of that name; those it has are listed',
    causes: ['a typing error', 'the stack was deployed before its program exported the output'],
    remedies: ['take one of the names of the hint', 'deploy the stack that exports it'],
    example:
      'apps/api/esc/staging.yaml:14:20: stack "infra/staging" has no output "ecs_cluster_nam"\n  14 |     ECS_CLUSTER: ${stacks.infra.ecs_cluster_nam}\n     |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  → it has: database, ecs_cluster_name, jwt',
  },
  'stack-not-found': {
    meaning: 'an environment reads a stack that is not in the state backend',
    causes: [
      'a typing error in `stack:`',
      'another state backend than the one the stack was deployed to',
      'it was never deployed',
    ],
    remedies: [
      'deploy it: `nx run <project>:deploy --env=<stack>`',
      'look at `PULUMI_BACKEND_URL` and `backend:` of Pulumi.yaml',
    ],
    example:
      'apps/api/esc/dev.yaml:6:25: there is no stack "infra/dev" in the state backend\n  → deploy it first: nx run infra:deploy --env=dev',
  },
  'stack-not-deployed': {
    meaning: 'an environment reads a stack that exists, but has never been deployed',
    causes: ['`pulumi stack init` without `pulumi up`', 'its first deployment failed, or it was destroyed'],
    remedies: ['deploy it: `nx run <project>:deploy --env=<stack>`'],
    example:
      'apps/api/esc/dev.yaml:6:25: stack "infra/dev" exists but has not been deployed\n  → deploy it first: nx run infra:deploy --env=dev',
  },
  'stack-unreadable': {
    meaning: 'the state backend refuses to show a stack',
    causes: ['no access to the bucket or the organization', 'a damaged state file'],
    remedies: ['run `pulumi stack --stack <stack>` in the folder of the project: it says more'],
    example:
      'the stack infra/dev cannot be read: error: could not open the bucket\n  → check the access to the state backend',
  },
  'stack-file-invalid': {
    meaning: '`Pulumi.<stack>.yaml` does not have the form that Pulumi wants',
    causes: ['broken YAML', '`environment:` is neither a list of names nor an environment'],
    remedies: ['mend the line that is named'],
    example:
      'apps/api/Pulumi.dev.yaml:3:1: "environment" is a list of environments, or an environment\n  → see https://www.pulumi.com/docs/iac/concepts/config/ for what the file may hold',
  },
  'option-invalid': {
    meaning: 'an option has a value that it cannot have',
    causes: ['a typing error on the command line, or in nx.json or project.json'],
    remedies: ['take one of the values of the hint'],
    example: 'unknown output format "jsn"\n  → formats: json, yaml, string, detailed, shell, dotenv',
  },
  'check-failed': {
    meaning: 'at least one environment of a check has errors',
    causes: ['see the lines above it: each error with its place'],
    remedies: ['mend them, one after the other'],
    example: '1 of 4 environments have errors: api/staging\n  → see the lines above',
  },
  'project-not-found': {
    meaning: 'the workspace has no project of that name',
    causes: ['a typing error', 'the project was renamed'],
    remedies: ['`nx show projects` lists them'],
    example: 'there is no project apy',
  },
  'project-file-missing': {
    meaning: 'a project that is to be deployed has no `Pulumi.yaml`',
    causes: ['the target was given to a project without a Pulumi program'],
    remedies: ['add `Pulumi.yaml`: it names the project and its runtime'],
    example: 'web has no Pulumi.yaml\n  → add apps/web/Pulumi.yaml: it names the project and its runtime',
  },
  'workspace-not-found': {
    meaning: 'the command was run outside of an Nx workspace',
    causes: ['no `nx.json` in the folder or in one above it'],
    remedies: ['go to a folder of the workspace'],
    example: 'this folder is in no Nx workspace\n  → go to a folder beneath one with an nx.json',
  },
  'file-outside-workspace': {
    meaning: "an environment's file leads out of the workspace",
    causes: ['a symbolic link'],
    remedies: ['keep environments in the workspace'],
    example:
      'apps/api/esc/dev.yaml: the file of the environment is outside of the workspace\n  → keep environments in the workspace; links may not lead out of it',
  },
  'variable-name-invalid': {
    meaning: 'a name that no variable of a process can have',
    causes: ['a dash, a dot or a space in a key of `environmentVariables` or `files`'],
    remedies: ['use letters, digits and underscores, and no digit at the start'],
    example:
      '"DATABASE-URL" is not a name that a process\'s environment can hold\n  → use letters, digits and underscores, and no digit at the start',
  },
  'variable-not-allowed': {
    meaning: 'a variable that changes what every process runs, such as `PATH`, `LD_PRELOAD` or `NODE_OPTIONS`',
    causes: ['an environment sets it, perhaps through an object that comes from elsewhere'],
    remedies: [
      'set it where the command is run instead',
      'where it is meant, allow it by its name: `allowVariables` among the options of the plugin in nx.json',
    ],
    example:
      'an environment may not set NODE_OPTIONS: it is read by every process of Node.js\n  → set it where the command is run, or allow it: "allowVariables": ["NODE_OPTIONS"] in the options of nx-esc in nx.json',
  },
  'variable-value-invalid': {
    meaning: 'a value that no variable of a process can hold',
    causes: ['a NUL byte in the value, such as that of a binary secret'],
    remedies: ['put it under `files`, or encode it: `fn::toBase64`'],
    example:
      'the value of KEYSTORE holds a NUL byte, which no variable can hold\n  → put it under "files", or encode it with fn::toBase64',
  },
  'revision-not-found': {
    meaning: 'git knows no such revision',
    causes: ['a shallow checkout', 'a typing error in `--base` or `--head`'],
    remedies: ['fetch enough of the history: `actions/checkout` with `fetch-depth: 0`'],
    example:
      'git knows no revision "origin/main"\n  → fetch enough of the history (in GitHub Actions: actions/checkout with fetch-depth: 0), or give --base',
  },
  'file-locked': {
    meaning: 'another program is changing the file',
    causes: ['two commands that write the same environment at once'],
    remedies: ['run the command again'],
    example: 'apps/api/esc/prod.yaml: another program is changing the file\n  → run the command again',
  },
  'file-changed': {
    meaning: 'the file was changed while it was being edited; nothing was written',
    causes: ['an editor with the same file open'],
    remedies: ['run the command again: it takes what is there now'],
    example: 'apps/api/esc/prod.yaml: the file has changed since it was read\n  → run the command again',
  },
  'key-not-found': {
    meaning: 'an environment has no such key, variable or file',
    causes: ['a typing error', 'the key is in another environment'],
    remedies: ['take the name of the hint'],
    example: 'api/staging has no DATABASE_ULR\n  → did you mean DATABASE_URL?',
  },
  'reveal-in-ci': {
    meaning: '`--reveal` was given where what is printed is kept and shared',
    causes: ['a command for a terminal was run in CI'],
    remedies: ['leave it out: secrets are compared and explained without being shown'],
    example: '--reveal is refused in CI\n  → leave it out',
  },
  'environment-empty': {
    meaning: 'there is nothing in the environment to look at',
    causes: ['the file is empty, or holds imports of nothing'],
    remedies: ['write `values`'],
    example: 'api/qa is empty\n  → write values',
  },
  'shell-nested': {
    meaning: 'the shell has the variables of an environment already',
    causes: ['`nx-esc shell` was run within one'],
    remedies: ['leave it first: `exit`'],
    example: 'this shell has the environment api/dev already\n  → leave it first: exit',
  },
  'cyclic-stacks': {
    meaning: 'stacks rest on one another, so that there is no order for them',
    causes: ['two environments that read outputs of each other’s stacks'],
    remedies: ['take one of the references out; each is listed with its place'],
    example: 'there is no order for stacks that rest on one another\n  → take one of these references out',
  },
  'dependents-deployed': {
    meaning: 'stacks that read this one are still deployed',
    causes: ['`destroy` of a stack that others need'],
    remedies: ['destroy them first, or in the same run: `nx run-many -t destroy --env=<environment>`'],
    example: 'infra/staging is still read by api/staging\n  → destroy that first',
  },
  'login-ambiguous': {
    meaning: '`fn::open::aws-login` needs exactly one of `oidc` and `static`',
    causes: ['both are given, or neither'],
    remedies: ['leave one of them'],
    example: 'aws-login has both "oidc" and "static"\n  → leave one of them',
  },
  'provider-unavailable': {
    meaning: 'the provider cannot be opened by the local backend',
    causes: ['only Pulumi Cloud has it'],
    remedies: ['use the cloud backend', 'add a module of your own: `providers` in nx.json'],
    example:
      'the provider "gcp-secrets" is not available on the local backend\n  → use the cloud backend, or a provider module',
  },
  'resource-unknown': {
    meaning: 'the name of a secret is known only when a stack has been deployed',
    causes: ['`secretId` is made of a stack’s output'],
    remedies: ['write the name in the environment: permission is granted by name'],
    example:
      '"db" of aws-secrets in api/qa is not known before the environment is opened\n  → write its name in the environment',
  },
  'environments-disagree': {
    meaning: 'the environments of an app do not have the same variables, of the same types',
    causes: ['a variable was added to one of them'],
    remedies: ['give each environment each variable; what all have in common belongs into base'],
    example:
      'the environments of api do not have the same variables: DATABASE_URL is missing in dev\n  → give each environment each variable',
  },
  'file-exists': {
    meaning: 'a file that would be generated is there already, and was written by somebody',
    causes: ['a workflow or a module of your own has that name'],
    remedies: ['move it out of the way, or choose another name'],
    example:
      '.github/workflows/deploy.yml: the file is there already, and was not generated\n  → move it out of the way',
  },
  'address-unavailable': {
    meaning: '`nx-esc serve` cannot listen on the address',
    causes: ['the port is taken'],
    remedies: ['choose another port, or 0 for a free one: `--port=0`'],
    example: '127.0.0.1:7373 cannot be listened on: address already in use\n  → choose another port',
  },
  'environment-invalid': {
    meaning: 'the service that keeps the environment finds errors in it that have no code of their own',
    causes: ['the definition has errors'],
    remedies: ['mend the line that is named'],
    example: 'apps/api/esc/staging.yaml:4:5: expected a string, found a number\n  → mend it',
  },
  'request-refused': {
    meaning: 'the service refuses a request, and says why',
    causes: ['a name that it does not allow', 'an organization of other settings'],
    remedies: ['do what the message says'],
    example: 'https://api.pulumi.com answers 400: the name is reserved\n  → take another name',
  },
  'remote-changed': {
    meaning: 'an environment was changed in Pulumi Cloud meanwhile (409); nothing was overwritten',
    causes: ['somebody edited it there at the same time'],
    remedies: ['look at what is there, and try again'],
    example: 'acme/api/staging was changed at https://api.pulumi.com meanwhile\n  → look at it, and try again',
  },
  'backend-incapable': {
    meaning: 'the backend of the environment cannot do what is asked for',
    causes: ['`backend: cli` and a stack with more than one environment', 'one stack, two places for its environments'],
    remedies: ['take the backend `cloud` or `local`', 'name one that imports the others'],
    example: 'pulumi env opens one environment, by its name\n  → take the backend cloud',
  },
});
