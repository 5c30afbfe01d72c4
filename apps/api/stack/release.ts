import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';

export interface ReleaseArgs {
  /** Folder that releases are published in. */
  readonly registry: string;
  /** File of the service. */
  readonly source: string;
  /** Key that the release is signed with. */
  readonly signingKey: pulumi.Output<string>;
}

interface ReleaseInputs {
  registry: string;
  source: string;
  digest: string;
  signingKey: string;
}

const provider: pulumi.dynamic.ResourceProvider = {
  async create({ registry, source, digest, signingKey }: ReleaseInputs) {
    const { copyFileSync, mkdirSync, readFileSync: read, writeFileSync } = await import('node:fs');
    const { createHmac } = await import('node:crypto');
    const path = `${registry}/${digest}`;
    mkdirSync(path, { recursive: true });
    copyFileSync(source, `${path}/server.mjs`);
    const signature = createHmac('sha256', signingKey).update(read(source)).digest('hex');
    writeFileSync(`${path}/server.mjs.sig`, `${signature}\n`);
    return { id: path, outs: { registry, source, digest, signingKey, path } };
  },
  async diff(_id, olds: ReleaseInputs, news: ReleaseInputs) {
    const replaces = (['registry', 'digest', 'signingKey'] as const).filter((key) => olds[key] !== news[key]);
    return { changes: replaces.length > 0, replaces: [...replaces] };
  },
  async delete(id) {
    const { rmSync } = await import('node:fs');
    rmSync(id, { recursive: true, force: true });
  },
};

/** A published and signed copy of the service, named by its content. */
export class Release extends pulumi.dynamic.Resource {
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: ReleaseArgs, options?: pulumi.CustomResourceOptions) {
    const digest = createHash('sha256').update(readFileSync(args.source)).digest('hex').slice(0, 16);
    super(
      provider,
      name,
      { ...args, digest, path: undefined },
      { ...options, additionalSecretOutputs: ['signingKey'] },
    );
  }
}
