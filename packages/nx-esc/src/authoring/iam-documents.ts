import type { OpenedResource } from './opened-resources';
import type { RecipientKey } from './recipient-keys';

/** A statement of an IAM policy, as AWS has it in JSON. */
export interface IamStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface IamDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly IamStatement[];
}

/** Who may take on a role: one issuer, one audience, and exactly these subjects. */
export interface TrustRequest {
  readonly account: string;
  readonly partition: string;
  /** Host and path of the issuer, without `https://`. */
  readonly issuer: string;
  readonly audience: string;
  readonly subjects: readonly string[];
}

export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';
export const PULUMI_ISSUER = 'api.pulumi.com/oidc';

/** The trust policy of a role: without a condition on the subject, any repository of the issuer could take it on. */
export function trustDocument(trusts: readonly TrustRequest[]): IamDocument {
  return {
    Version: '2012-10-17',
    Statement: trusts.map(({ account, partition, issuer, audience, subjects }) => ({
      Effect: 'Allow',
      Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: oneOrAll(subjects) } },
    })),
  };
}

export interface ReaderRequest {
  readonly account: string;
  readonly partition: string;
  readonly resources: readonly OpenedResource[];
  /** ARNs of the keys that secrets are encrypted with, where these are not AWS's own. */
  readonly kmsKeys: readonly string[];
  /** With what secrets at rest are opened. */
  readonly recipientKeys: readonly RecipientKey[];
}

/** What the reader role may do: read exactly the secrets and parameters that an environment opens, those at rest included. */
export function readerDocument(request: ReaderRequest): IamDocument | undefined {
  const secrets = request.resources.filter(({ kind }) => kind === 'secret');
  const parameters = request.resources.filter(({ kind }) => kind === 'parameter');
  const statements: IamStatement[] = [];
  if (secrets.length > 0) {
    statements.push({
      Sid: 'ReadSecrets',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: oneOrAll(distinct(secrets.map((secret) => secretArn(secret, request)))),
    });
    // The action that asks for several at once knows no resources; each secret still needs the statement above.
    statements.push({
      Sid: 'AskForSeveral',
      Effect: 'Allow',
      Action: 'secretsmanager:BatchGetSecretValue',
      Resource: '*',
    });
  }
  if (parameters.length > 0) {
    statements.push({
      Sid: 'ReadParameters',
      Effect: 'Allow',
      Action: ['ssm:GetParameter', 'ssm:GetParameters'],
      Resource: oneOrAll(distinct(parameters.map((parameter) => parameterArn(parameter, request)))),
    });
  }
  if (request.kmsKeys.length > 0 && statements.length > 0) statements.push(decryptStatement(request));
  statements.push(...openStatements(request.recipientKeys));
  return statements.length === 0 ? undefined : { Version: '2012-10-17', Statement: statements };
}

/** Keys may be used through the services that hold the secrets, and not by themselves. */
function decryptStatement({ resources, kmsKeys }: ReaderRequest): IamStatement {
  const services = resources.map(
    ({ kind, region }) => `${kind === 'secret' ? 'secretsmanager' : 'ssm'}.${region}.amazonaws.com`,
  );
  return {
    Sid: 'DecryptThem',
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: oneOrAll(kmsKeys),
    Condition: { StringEquals: { 'kms:ViaService': oneOrAll(distinct(services)) } },
  };
}

/**
 * A key that is a recipient opens the secrets of its groups alone, which calls name. IAM does not follow an alias in a
 * resource; a condition says by which alias the key has to be called.
 */
function openStatements(keys: readonly RecipientKey[]): IamStatement[] {
  const groupsOf = (arn: string): string[] => keys.flatMap((key) => (key.arn === arn ? [key.group] : []));
  return distinct(keys.map(({ arn }) => arn)).map((arn, index) => openStatement(arn, distinct(groupsOf(arn)), index));
}

function openStatement(arn: string, groups: readonly string[], index: number): IamStatement {
  const [, owner, alias] = /^(.*):(alias\/.*)$/.exec(arn) ?? [];
  return {
    Sid: index === 0 ? 'OpenSecretsAtRest' : `OpenSecretsAtRest${index + 1}`,
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: alias === undefined ? arn : `${owner}:key/*`,
    Condition: {
      StringEquals: {
        'kms:EncryptionContext:nx-esc-group': oneOrAll(groups),
        ...(alias !== undefined && { 'kms:RequestAlias': alias }),
      },
    },
  };
}

/** AWS appends a hyphen and six characters to the name of a secret. */
function secretArn({ id, region }: OpenedResource, { account, partition }: ReaderRequest): string {
  if (id.startsWith('arn:')) return id;
  return `arn:${partition}:secretsmanager:${region}:${account}:secret:${id}-??????`;
}

/** A name may end in a version or a label, which permissions do not see. */
function parameterArn({ id, region }: OpenedResource, { account, partition }: ReaderRequest): string {
  if (id.startsWith('arn:')) return id;
  const name = id.split(':')[0] ?? id;
  return `arn:${partition}:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
}

/** Where a deployment keeps its state in S3: what a role needs that deploys, or one that reads outputs of stacks. */
export function stateStatements(access: 'read' | 'write', bucket: string, partition: string): IamStatement[] {
  return [
    { Sid: 'ListState', Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:${partition}:s3:::${bucket}` },
    {
      Sid: access === 'read' ? 'ReadState' : 'ReadAndWriteState',
      Effect: 'Allow',
      Action: access === 'read' ? 's3:GetObject' : ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      Resource: `arn:${partition}:s3:::${bucket}/.pulumi/*`,
    },
  ];
}

function oneOrAll(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] as string) : values;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
