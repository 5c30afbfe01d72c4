import type { ExecutorContext } from '@nx/devkit';
import deploy from '../executors/deploy/executor';

/**
 * Runs the deploy executor once, as the process that Nx starts for a task does. Its arguments: project, environment, and
 * commands of the app.
 */
const [projectName = '', env = '', ...commands] = process.argv.slice(2);
const root = process.cwd();
const context: ExecutorContext = {
  root,
  cwd: root,
  projectName,
  targetName: 'deploy',
  isVerbose: false,
  projectsConfigurations: { version: 2, projects: { [projectName]: { root: projectName } } },
  nxJsonConfiguration: JSON.parse(process.env.TEST_NX_JSON ?? '{}') as ExecutorContext['nxJsonConfiguration'],
  projectGraph: { nodes: {}, dependencies: {} },
};

void deploy({ env, commands, summaryFile: process.env.TEST_SUMMARY ?? '.cache/summary.json' }, context).then(
  ({ success }) => {
    process.exitCode = success ? 0 : 1;
  },
);
