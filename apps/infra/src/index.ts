import { resolve } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { Folder } from './folder';
import { GeneratedSecret } from './generated-secret';

const environment = new pulumi.Config().require('environment');
const root = resolve(__dirname, '../../../.demo', environment);

const cluster = new Folder('cluster', { path: `${root}/cluster` });
const registry = new Folder('registry', { path: `${root}/registry` });
const password = new GeneratedSecret('database-password', { bytes: 24 });
const signingKey = new GeneratedSecret('jwt-signing-key', { bytes: 32 });

export const ecs_cluster_name = pulumi.interpolate`demo-${environment}`;
export const cluster_path = cluster.path;
export const ecr_repository_url = registry.path;
export const database = pulumi.secret({
  url: pulumi.interpolate`postgres://api:${password.value}@127.0.0.1:5432/${environment}`,
});
export const jwt = pulumi.secret({ secret: signingKey.value });
