import { stringify } from 'yaml';
import type { BasePlan, EnvironmentPlan, StacksPlan } from './environment-plan';
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
export function localText(plan: EnvironmentPlan): string {
  const { escProject, environment } = plan;
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
    ...standIns(variablesOf(plan)),
  ]);
}

/** The part of a developer's own environment that stands in for outputs of stacks. */
export function localStackAdditionText(plan: StacksPlan): string {
  const lines = standIns(outputVariables(plan));
  return textOf(['values:', ...(lines.length === 0 ? [] : ['  environmentVariables:', ...lines])]);
}

/** Every environment has the same variables; on a developer's own machine they say that they are to be filled in. */
function standIns(variables: readonly Variable[]): string[] {
  if (variables.length === 0) return [];
  return [
    '    # In place of what the deployed environments get of stacks and secrets.',
    ...variables.map(([name]) => `    ${name}: local-${name.toLowerCase().replaceAll('_', '-')}`),
  ];
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
    ...variablesOf(plan).map(variableLine),
  ]);
}

/** The part of an environment that opens stacks and makes variables of their outputs. */
export function stackAdditionText(plan: StacksPlan): string {
  const variables = outputVariables(plan).map(variableLine);
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

type Variable = readonly [name: string, property: string];

function variableLine([name, property]: Variable): string {
  return `    ${name}: \${${property}}`;
}

function variablesOf(plan: EnvironmentPlan): Variable[] {
  return [...outputVariables(plan), ...plan.secrets.flatMap((secret) => secretVariables(secret, plan.secretsKey))];
}

function outputVariables({ stacks, stacksKey }: StacksPlan): Variable[] {
  return stacks.flatMap(({ key, outputs }) =>
    outputs.map(({ output, variable }): Variable => [variable, `${stacksKey}.${key}${propertyPathOf(output)}`]),
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
