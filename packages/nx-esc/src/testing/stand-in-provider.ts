import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A provider of Pulumi that takes every resource as it is described, and makes none. */
const PROVIDER = `#!/usr/bin/env node
const { provider } = require('@pulumi/pulumi');
const accept = async (urn, olds, news) => ({ inputs: news });
provider.main(
  {
    version: process.env.STAND_IN_VERSION,
    checkConfig: accept,
    check: accept,
    create: async (urn, inputs) => ({ id: urn.split('::').at(-1), outs: inputs }),
  },
  process.argv.slice(2),
);
`;

/**
 * Puts a provider in a folder that pulumi looks for before any other: on the PATH. It needs NODE_PATH to find the SDK, and
 * STAND_IN_VERSION.
 */
export function writeStandInProvider(folder: string, packageName: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `pulumi-resource-${packageName}`), PROVIDER, { mode: 0o755 });
}
