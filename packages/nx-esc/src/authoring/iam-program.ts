import { GITHUB_ISSUER, PULUMI_ISSUER } from './iam-documents';
import type { PlannedRole } from './iam-roles';

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
  const text = JSON.stringify(roles);
  return [
    { name: 'github', issuer: GITHUB_ISSUER },
    { name: 'pulumi-cloud', issuer: PULUMI_ISSUER },
  ]
    .filter(({ issuer }) => text.includes(`oidc-provider/${issuer}`))
    .map(({ name, issuer }) => {
      const audiences = roles.flatMap(({ trust }) =>
        trust.Statement.flatMap(({ Condition }) => Condition?.StringEquals?.[`${issuer}:aud`] ?? []),
      );
      const list = [...new Set(audiences)].map((audience) => `'${audience}'`).join(', ');
      return `new aws.iam.OpenIdConnectProvider('${name}', { url: 'https://${issuer}', clientIdLists: [${list}] });`;
    })
    .join('\n');
}
