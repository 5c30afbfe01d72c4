import { stringify } from 'yaml';
import type { BasePlan, EnvironmentPlan, PlannedStack, StacksPlan } from './environment-plan';
import { propertyPathOf } from './property-path';
import { secretIdIn, secretVariables } from './secret-answer';

/** The text of an app's `base`: constants, and the login that reads its secrets. */
export function baseText({ escProject, domain, port, region, readerRole }: BasePlan): string {
  const lines = [
    `# ${escProject}/base: what all environments of ${escProject} have in common.`,
    'values:',
    `  domain: ${domain}`,
    `  port: ${port}`,
    '  aws:',
    `    region: ${region}`,
  ];
  if (readerRole !== undefined) {
    lines.push(
      '    # The role that may read the secrets of this app, and nothing else.',
      '    login:',
      '      fn::open::aws-login:',
      '        oidc:',
      `          roleArn: ${readerRole}`,
      `          sessionName: ${sessionNameOf(escProject)}`,
    );
  }
  return textOf(lines);
}

/** The text of an environment for a developer's own machine: no stacks, no cloud. */
export function localText({ escProject, environment }: EnvironmentPlan): string {
  return textOf([
    `# ${escProject}/${environment}: this machine alone; no stacks, no cloud.`,
    'imports:',
    `  - ${escProject}/base`,
    'values:',
    '  urls:',
    '    api: http://localhost:${port}',
    '  environmentVariables:',
    '    API_URL: ${urls.api}',
    '    PORT: ${port}',
  ]);
}

/** The text of an environment that is deployed: what the infrastructure is, what the secrets are, and what follows. */
export function deployedText(plan: EnvironmentPlan): string {
  const { escProject, environment } = plan;
  return textOf([
    `# ${escProject}/${environment}: what the deployed stacks say, the secrets, and what is made of both.`,
    'imports:',
    `  - ${escProject}/base`,
    'values:',
    ...stackLines(plan),
    ...secretLines(plan),
    '  urls:',
    `    api: https://${escProject}-${environment}.\${domain}`,
    '  environmentVariables:',
    '    API_URL: ${urls.api}',
    '    PORT: ${port}',
    ...variableLines(plan),
  ]);
}

/** The part of an environment that opens stacks and makes variables of their outputs. */
export function stackAdditionText(plan: StacksPlan): string {
  const variables = outputLines(plan);
  return textOf([
    'values:',
    ...stackLines(plan),
    ...(variables.length === 0 ? [] : ['  environmentVariables:', ...variables]),
  ]);
}

function stackLines({ stacks, stacksKey }: StacksPlan): string[] {
  if (stacks.length === 0) return [];
  const lines = stacks.flatMap(({ key, name, isOwn }) => [
    ...(isOwn === true
      ? ["        # The app's own stack: its outputs are unknown until it has been deployed once."]
      : []),
    `        ${key}: { stack: ${name} }`,
  ]);
  return [`  ${stacksKey}:`, '    fn::open::pulumi-stacks:', '      stacks:', ...lines];
}

function secretLines({ environment, secrets, secretsKey, readerRole }: EnvironmentPlan): string[] {
  if (secrets.length === 0) return [];
  return [
    `  ${secretsKey}:`,
    '    fn::open::aws-secrets:',
    '      region: ${aws.region}',
    ...(readerRole === undefined ? [] : ['      login: ${aws.login}']),
    '      get:',
    ...secrets.map((secret) => `        ${secret.key}: { secretId: ${flowScalar(secretIdIn(secret, environment))} }`),
    ...secrets
      .filter(({ fields }) => fields.length > 0)
      .flatMap(({ key }) => [`  ${key}:`, `    fn::fromJSON: \${${secretsKey}.${key}}`]),
  ];
}

function variableLines(plan: EnvironmentPlan): string[] {
  return [
    ...outputLines(plan),
    ...plan.secrets.flatMap((secret) =>
      secretVariables(secret, plan.secretsKey).map(([name, property]) => `    ${name}: \${${property}}`),
    ),
  ];
}

function outputLines({ stacks, stacksKey }: StacksPlan): string[] {
  return stacks.flatMap(({ key, outputs }: PlannedStack) =>
    outputs.map(({ output, variable }) => `    ${variable}: \${${stacksKey}.${key}${propertyPathOf(output)}}`),
  );
}

/** Session names may be 64 characters long; what is too long is cut. */
function sessionNameOf(escProject: string): string {
  return `${escProject.slice(0, 60)}-esc`;
}

function flowScalar(text: string): string {
  return stringify([text], { collectionStyle: 'flow', lineWidth: 0 }).trim().slice(2, -2);
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
