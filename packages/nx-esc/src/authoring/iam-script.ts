import { GITHUB_ISSUER, PULUMI_ISSUER } from './iam-documents';
import { audiencesOf, type PlannedRole } from './iam-roles';

/** A script that makes the roles of an account with the `aws` command, and mends those that are there. */
export function iamScript(roles: readonly PlannedRole[], { account }: { readonly account: string }): string {
  const providers = [GITHUB_ISSUER, PULUMI_ISSUER].flatMap((issuer) =>
    audiencesOf(issuer, roles).map((audience) => `provider ${issuer} ${audience}`),
  );
  return `#!/usr/bin/env bash
# Makes the identity providers and roles of this folder, or brings them up to date. It can be run again at any time.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"

account=$(aws sts get-caller-identity --query Account --output text)
if [ "$account" != ${account} ]; then
  echo "The roles are for account ${account}; this is $account." >&2
  exit 1
fi
partition=$(aws sts get-caller-identity --query Arn --output text | cut -d: -f2)

provider() { # issuer audience
  local arn="arn:$partition:iam::$account:oidc-provider/$1"
  local known
  if ! known=$(aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$arn" --query ClientIDList --output text 2>/dev/null); then
    aws iam create-open-id-connect-provider --url "https://$1" --client-id-list "$2"
  elif [[ $'\\t'$known$'\\t' != *$'\\t'"$2"$'\\t'* ]]; then
    aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn "$arn" --client-id "$2"
  fi
}

role() { # name trust [policy]
  if aws iam get-role --role-name "$1" >/dev/null 2>&1; then
    aws iam update-assume-role-policy --role-name "$1" --policy-document "file://$2"
  else
    aws iam create-role --role-name "$1" --assume-role-policy-document "file://$2"
  fi
  if [ "$#" -gt 2 ]; then
    aws iam put-role-policy --role-name "$1" --policy-name nx-esc --policy-document "file://$3"
  fi
}

${providers.join('\n')}
${roles.map(roleLine).join('\n')}
`;
}

function roleLine({ name, policy }: PlannedRole): string {
  return [`role ${name} ${name}/trust.json`, ...(policy === undefined ? [] : [`${name}/policy.json`])].join(' ');
}
