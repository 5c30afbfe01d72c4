'use strict';

// Starts the provider of dynamic resources that comes with the program's own @pulumi/pulumi.
const { createRequire } = require('node:module');
const { join } = require('node:path');

const load = createRequire(join(process.cwd(), 'noop.js'));
load(load.resolve('@pulumi/pulumi/cmd/dynamic-provider/index.js'));
