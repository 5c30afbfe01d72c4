import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Versions that generators write into a package.json. Releases of Pulumi after 3.246 want Node.js 22. */
const PULUMI_SDK = { newest: '^3.246.0', node20: '~3.246.0' };

/** The npm package `pulumi` gets the command itself, at exactly this version. */
export const PULUMI_CLI_VERSION = '3.254.0';

/** Pulumi compiles programs with the workspace's own compiler. */
export const TYPESCRIPT_RANGE = '~6.0.3';

/** What Pulumi loads programs with that are ES modules. */
export const TS_NODE_RANGE = '^10.9.2';

export const NODE_TYPES_RANGE = '^20.19.0';

/** The range of @pulumi/pulumi for the Node.js that runs the generator. */
export function pulumiSdkRange(nodeVersion = process.versions.node): string {
  return Number(nodeVersion.split('.')[0]) >= 22 ? PULUMI_SDK.newest : PULUMI_SDK.node20;
}

/** Our own version. */
export function ownVersion(): string {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
