import * as pulumi from '@pulumi/pulumi';

export interface FolderArgs {
  readonly path: pulumi.Input<string>;
}

const provider: pulumi.dynamic.ResourceProvider = {
  async create({ path }: { path: string }) {
    const { mkdirSync } = await import('node:fs');
    mkdirSync(path, { recursive: true });
    return { id: path, outs: { path } };
  },
  async diff(_id, olds: { path: string }, news: { path: string }) {
    return { changes: olds.path !== news.path, replaces: olds.path === news.path ? [] : ['path'] };
  },
  async delete(_id, { path }: { path: string }) {
    const { rmSync } = await import('node:fs');
    rmSync(path, { recursive: true, force: true });
  },
};

/** A folder on this machine; removed with its content. */
export class Folder extends pulumi.dynamic.Resource {
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: FolderArgs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, options);
  }
}
