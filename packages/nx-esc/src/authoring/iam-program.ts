import { GITHUB_ISSUER, PULUMI_ISSUER } from './iam-documents';
import { audiencesOf, type PlannedRole } from './iam-roles';

/** A Pulumi program that makes the roles of the documents beside it. */
export function iamProgram(roles: readonly PlannedRole[]): string {
  return `import { readFileSync } from 'node:fs';
import * as aws from '@pulumi/aws';

// The issuers that the trust policies name. An account has each of them once: import one that is there already.
${providers(roles)}

/** A role with the documents in the folder of its name; Pulumi runs a program in its own folder. */
function role(name: string, hasPolicy: boolean): aws.iam.Role {
  const document = (kind: string): string => readFileSync(\`\${name}/\${kind}.json\`, 'utf8');
  const created = new aws.iam.Role(name, { name, assumeRolePolicy: document('trust') });
  if (hasPolicy) new aws.iam.RolePolicy(name, { role: created.name, policy: document('policy') });
  return created;
}

export const roleArns = {
${roles.map(({ name, policy }) => `  '${name}': role('${name}', ${policy !== undefined}).arn,`).join('\n')}
};
`;
}

function providers(roles: readonly PlannedRole[]): string {
  return [
    { name: 'github', issuer: GITHUB_ISSUER },
    { name: 'pulumi-cloud', issuer: PULUMI_ISSUER },
  ]
    .flatMap(({ name, issuer }) => {
      const list = audiencesOf(issuer, roles).map((audience) => `'${audience}'`);
      if (list.length === 0) return [];
      return `new aws.iam.OpenIdConnectProvider('${name}', { url: 'https://${issuer}', clientIdLists: [${list.join(', ')}] });`;
    })
    .join('\n');
}
