const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const plugin = require('nx-esc');

/**
 * A plugin that answers from a file what nx-esc answered when it was first asked: what Nx takes with it is what Nx does
 * with such an answer, whoever gives it.
 */
exports.name = 'nx-esc-recorded';
exports.createNodes = [plugin.createNodes[0], recorded('nodes', (...args) => plugin.createNodes[1](...args))];
exports.createNodesV2 = exports.createNodes;
exports.createDependencies = recorded('dependencies', (...args) => plugin.createDependencies(...args));

function recorded(what, answer) {
  return async (...args) => {
    const file = join(args.at(-1).workspaceRoot, '.cache', 'recorded', `${what}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
    const answered = await answer(...args);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(answered));
    return answered;
  };
}
