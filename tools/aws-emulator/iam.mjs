import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { conditionsHold, matches } from './trust-policy.mjs';

/** What moto's IAM was told: roles with their trust and inline policies, and identity providers. */
export class Iam {
  constructor(endpoint) {
    this.client = new IAMClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'gateway', secretAccessKey: 'gateway' },
    });
  }

  /** A role as a world has it; undefined for one that nobody made. */
  async role(RoleName) {
    try {
      const { Role } = await this.client.send(new GetRoleCommand({ RoleName }));
      const { PolicyNames } = await this.client.send(new ListRolePoliciesCommand({ RoleName }));
      const policies = await Promise.all(
        PolicyNames.map(async (PolicyName) => {
          const policy = await this.client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
          return documentOf(policy.PolicyDocument);
        }),
      );
      return { trust: documentOf(Role.AssumeRolePolicyDocument), policies, maxSessionSeconds: Role.MaxSessionDuration };
    } catch (error) {
      if (error.name === 'NoSuchEntityException') return undefined;
      throw error;
    }
  }

  /** The audiences of an identity provider; none for one that nobody made. */
  async audiencesOf(OpenIDConnectProviderArn) {
    try {
      const request = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn });
      return (await this.client.send(request)).ClientIDList;
    } catch (error) {
      if (error.name === 'NoSuchEntityException') return [];
      throw error;
    }
  }
}

/**
 * Decides as IAM does whether policies allow an action on a resource. What is not emulated is refused, so that nothing
 * passes by not being understood.
 */
export function isAllowed(policies, action, resource, context = {}) {
  const statements = policies.flatMap(({ Statement }) => list(Statement));
  const decides = (effect) =>
    statements.some((statement) => {
      const { Effect, Action, Resource, Condition = {}, ...others } = statement;
      const unknown = Object.keys(others).find((key) => key !== 'Sid');
      if (unknown !== undefined) throw new Error(`${unknown} of a policy is not emulated`);
      return (
        Effect === effect &&
        list(Action).some((pattern) => matches(pattern, action)) &&
        list(Resource).some((pattern) => matches(pattern, resource)) &&
        conditionsHold(Condition, context)
      );
    });
  return decides('Allow') && !decides('Deny');
}

/** Which permissions a call needs: pairs of an action and a resource. */
export function permissionsFor({ service, action, region, input = {} }, account) {
  const secret = (id) =>
    id.startsWith('arn:') ? id : `arn:aws:secretsmanager:${region}:${account}:secret:${id}-AbCdEf`;
  const parameter = (name) => `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '').split(':')[0]}`;
  const name = `${service}:${action}`;
  switch (name) {
    case 'secretsmanager:GetSecretValue':
      return [[name, secret(input.SecretId)]];
    case 'secretsmanager:BatchGetSecretValue':
      return [[name, '*'], ...input.SecretIdList.map((id) => ['secretsmanager:GetSecretValue', secret(id)])];
    case 'ssm:GetParameter':
      return [[name, parameter(input.Name)]];
    case 'ssm:GetParameters':
      return input.Names.map((each) => [name, parameter(each)]);
    default:
      return [[name, '*']];
  }
}

function documentOf(text) {
  return JSON.parse(text.startsWith('{') ? text : decodeURIComponent(text));
}

function list(value) {
  return Array.isArray(value) ? value : [value];
}
