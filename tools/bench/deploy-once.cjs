/**
 * Runs the deploy executor once, as the process that Nx starts for a task does, and prints how long it took from
 * before its module was loaded. Arguments: workspace, project, environment, command.
 */
const { join } = require('node:path');

const [root, projectName, env, command] = process.argv.slice(2);
const context = {
  root,
  cwd: root,
  projectName,
  targetName: 'deploy',
  isVerbose: false,
  projectsConfigurations: {
    version: 2,
    projects: Object.fromEntries(JSON.parse(process.env.BENCH_PROJECTS).map((name) => [name, { root: name }])),
  },
  nxJsonConfiguration: {},
  projectGraph: { nodes: {}, dependencies: {} },
};

const started = performance.now();
const deploy = require(join(__dirname, '../../packages/nx-esc/dist/executors/deploy/executor')).default;
deploy({ env, commands: command === undefined ? [] : [command] }, context).then(({ success }) => {
  console.log(`\nmilliseconds ${performance.now() - started}`);
  process.exitCode = success ? 0 : 1;
});
