import * as pulumi from '@pulumi/pulumi';

const infra = new pulumi.StackReference(`myorg/infra/${pulumi.getStack()}`);
export const url = infra.getOutput('service_url');
