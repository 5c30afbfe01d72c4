import * as pulumi from '@pulumi/pulumi';
import { StackReference as Upstream } from '@pulumi/pulumi';
import { ORGANIZATION } from './names';
import * as constants from './names';
import { network } from './network.js';

const project = 'infrastructure';
const config = new pulumi.Config();

// new pulumi.StackReference('acme/web/dev') in a comment is none, nor is 'new StackReference("acme/web/dev")' in a text.
const byName = new pulumi.StackReference('acme/infrastructure/shared');
const byTemplate = new Upstream(`${pulumi.getOrganization()}/${project}/${pulumi.getStack()}`);
const byArguments = new pulumi.StackReference('upstream', { name: config.require('organization') + '/database/dev' });
const anyStack = new pulumi.StackReference(`acme/web/${config.require('web')}`);
const unknown = new pulumi.StackReference(config.require('somewhere'));

const imported = new pulumi.StackReference(`${ORGANIZATION}/infrastructure/staging`);
const ofModule = new pulumi.StackReference(constants.ORGANIZATION + '/web/staging');
const unknownConstant = new pulumi.StackReference(`acme/${constants.names.database}/dev`);

export const url = pulumi.interpolate`${byName.getOutput('url')}`;
export const others = [byTemplate, byArguments, anyStack, unknown, imported, ofModule, unknownConstant, network];
