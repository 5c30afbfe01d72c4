import * as pulumi from '@pulumi/pulumi';

export interface GeneratedSecretArgs {
  readonly bytes: pulumi.Input<number>;
}

const provider: pulumi.dynamic.ResourceProvider = {
  async create({ bytes }: { bytes: number }) {
    const { randomBytes } = await import('node:crypto');
    const value = randomBytes(bytes).toString('base64url');
    return { id: randomBytes(8).toString('hex'), outs: { bytes, value } };
  },
  async diff(_id, olds: { bytes: number }, news: { bytes: number }) {
    return { changes: olds.bytes !== news.bytes, replaces: olds.bytes === news.bytes ? [] : ['bytes'] };
  },
};

/** A random secret that is made once and lives in the encrypted state. */
export class GeneratedSecret extends pulumi.dynamic.Resource {
  declare readonly value: pulumi.Output<string>;

  constructor(name: string, args: GeneratedSecretArgs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args, value: undefined }, { ...options, additionalSecretOutputs: ['value'] });
  }
}
