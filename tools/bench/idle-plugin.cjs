/** A plugin that finds nothing: what Nx takes with it, a process and the messages to it, is the least that any plugin costs. */
exports.name = 'idle';
exports.createNodes = ['**/Pulumi.yaml', () => []];
exports.createNodesV2 = exports.createNodes;
exports.createDependencies = () => [];
