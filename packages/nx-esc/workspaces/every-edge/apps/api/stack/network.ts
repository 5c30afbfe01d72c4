import { getStack, StackReference } from '@pulumi/pulumi';

export const network = new StackReference('acme/network/' + getStack()).getOutput('vpc');
