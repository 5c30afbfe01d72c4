import {
  anything,
  arrayOf,
  boolean,
  duration,
  mapOf,
  number,
  object,
  oneOf,
  type SchemaData,
  someOf,
  string,
  strings,
  subjectAttributes,
} from '../schemas';
import { AWS_LOGIN } from '../aws-login/provider';

export interface ProviderSchemas {
  readonly inputs: SchemaData;
  readonly outputs: SchemaData;
}

const AZURE_LOGIN = object({
  'clientId*': string,
  'tenantId*': string,
  subscriptionId: string,
  clientSecret: string,
  oidc: object({ 'token*': string }),
});
const VAULT_LOGIN = object({ 'address*': string, namespace: string, 'token*': string });
const INFISICAL_LOGIN = object({ 'accessToken*': string, siteUrl: string });

/**
 * Providers that Pulumi Cloud has and this backend has not (the schemas that Pulumi publishes): environments with them
 * can be checked, and opened by a provider module or in Pulumi Cloud.
 */
export const CLOUD_ONLY: Readonly<Record<string, ProviderSchemas>> = {
  'azure-login': {
    inputs: object({
      'clientId*': string,
      'tenantId*': string,
      subscriptionId: string,
      clientSecret: string,
      oidc: boolean,
      subjectAttributes,
    }),
    outputs: AZURE_LOGIN,
  },
  'azure-secrets': {
    inputs: object({
      'login*': AZURE_LOGIN,
      'vault*': string,
      'get*': someOf(object({ 'name*': string, version: string })),
    }),
    outputs: mapOf(string),
  },
  'gcp-login': {
    inputs: object({
      'project*': number,
      accessToken: object({ 'accessToken*': string, serviceAccount: string, tokenLifetime: duration }),
      oidc: object({
        'workloadPoolId*': string,
        'providerId*': string,
        'serviceAccount*': string,
        region: string,
        tokenLifetime: duration,
        subjectAttributes,
      }),
    }),
    outputs: object({ 'project*': number, 'accessToken*': string, 'tokenType*': string, expiry: string }),
  },
  'gcp-secrets': {
    inputs: object({
      'login*': object({ 'accessToken*': string, 'project*': number, 'tokenType*': string }),
      'access*': someOf(object({ 'name*': string, version: number })),
    }),
    outputs: mapOf(string),
  },
  'vault-login': {
    inputs: object({
      'address*': string,
      namespace: string,
      jwt: object({ 'role*': string, mount: string, subjectAttributes }),
      token: object({
        'token*': string,
        displayName: string,
        maxTtl: duration,
        metadata: mapOf(string),
        policies: strings,
      }),
    }),
    outputs: VAULT_LOGIN,
  },
  'vault-secrets': {
    inputs: object({ 'login*': VAULT_LOGIN, 'read*': someOf(object({ 'path*': string, field: string })) }),
    outputs: mapOf(anything),
  },
  '1password-secrets': {
    inputs: object({
      'login*': object({ 'serviceAccountToken*': string }),
      'get*': someOf(object({ 'ref*': string })),
    }),
    outputs: mapOf(string),
  },
  'doppler-login': {
    inputs: object({ 'oidc*': object({ 'identityId*': string, subjectAttributes }) }),
    outputs: object({ accessToken: string }),
  },
  'doppler-secrets': {
    inputs: object({
      'login*': object({ 'accessToken*': string }),
      'project*': string,
      'config*': string,
      'get*': someOf(object({ 'name*': string })),
    }),
    outputs: mapOf(string),
  },
  'infisical-login': {
    inputs: object({
      siteUrl: string,
      oidc: object({ 'identityId*': string, subjectAttributes }),
      static: object({ 'clientId*': string, 'clientSecret*': string }),
    }),
    outputs: INFISICAL_LOGIN,
  },
  'infisical-secrets': {
    inputs: object({
      'login*': INFISICAL_LOGIN,
      'get*': someOf(
        object({
          'projectId*': string,
          'environment*': string,
          'secretKey*': string,
          secretPath: string,
          type: string,
        }),
      ),
    }),
    outputs: mapOf(string),
  },
  'gh-login': {
    inputs: object({
      'appId*': number,
      'privateKey*': string,
      'owner*': string,
      repositories: arrayOf(string),
      permissions: { type: 'object', additionalProperties: true },
      ghe: object({ 'host*': string }),
    }),
    outputs: object({
      'appId*': number,
      'appSlug*': string,
      'installationId*': number,
      'accessToken*': string,
      'expiry*': string,
      'type*': string,
    }),
  },
  'snowflake-login': {
    inputs: object({ 'oidc*': object({ 'account*': string, 'user*': string, role: string }) }),
    outputs: object({ account: string, token: string, user: string }),
  },
  'terraform-state': {
    inputs: object({
      'backend*': oneOf(
        object({ 's3*': object({ 'login*': AWS_LOGIN, 'bucket*': string, 'key*': string, 'region*': string }) }),
        object({
          'remote*': object({ hostname: string, 'organization*': string, 'workspace*': string, 'token*': string }),
        }),
      ),
    }),
    outputs: object({ 'outputs*': { type: 'object', additionalProperties: true } }),
  },
};
