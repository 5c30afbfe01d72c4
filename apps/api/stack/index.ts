import { resolve } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { Release } from './release';

const config = new pulumi.Config();
const registry = process.env.ECR_REPOSITORY_URL;
if (registry === undefined) throw new Error('ECR_REPOSITORY_URL is not set: deploy with the environment of the stack');

const release = new Release('release', {
  registry,
  source: resolve(__dirname, '../service/server.mjs'),
  signingKey: config.requireSecret('jwtSecret'),
});

export const service_name = pulumi.interpolate`api-${pulumi.getStack()}`;
export const port = config.requireNumber('port');
export const release_path = release.path;
