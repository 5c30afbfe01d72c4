import * as pulumi from '@pulumi/pulumi';
export const b = new pulumi.StackReference(`organization/b/${pulumi.getStack()}`);
