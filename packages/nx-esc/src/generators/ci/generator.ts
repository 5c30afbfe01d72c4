import { detectPackageManager, formatFiles, getPackageManagerCommand, readNxJson, type Tree } from '@nx/devkit';
import { checkedAnswer, invalidAnswer } from '../../authoring/answers';
import { type CiPlan, GENERATED_MARK } from '../../authoring/ci/ci-plan';
import { githubDeployWorkflow } from '../../authoring/ci/github-deploy';
import { githubPreviewWorkflow } from '../../authoring/ci/github-preview';
import { jobId } from '../../authoring/ci/github-steps';
import { gitlabPipeline } from '../../authoring/ci/gitlab';
import { LOCAL } from '../../authoring/deployed-environments';
import { asGenerator } from '../../authoring/generator-failure';
import { promotionOrder } from '../../authoring/promotion-order';
import { refuseHandWritten } from '../../authoring/refuse-hand-written';
import { readWorkspaceTree, type WorkspaceTree } from '../../authoring/workspace-tree';
import { Failure } from '../../failures/failure';
import { buildEntityGraph } from '../../workspace/entity-graph';
import { backendOf } from '../../workspace/backend-choice';
import { StackOrder } from '../../workspace/stack-order';
import type { CiGeneratorSchema } from './schema';

/** Of the names of environments those that `git check-ref-format` refuses. */
const NO_REF = /^\.|\.\.|\.lock$/;

/** Generates the pipelines of a workspace. */
export const ciGenerator = asGenerator(async (tree: Tree, options: CiGeneratorSchema) => {
  const plan = planOf(await readWorkspaceTree(tree), options);

  const files = options.provider === 'gitlab' ? gitlabFiles(plan) : githubFiles(plan);
  const hint = 'move it out of the way, or take from it what you need afterwards';
  for (const [file] of files) refuseHandWritten(tree, file, (text) => text.startsWith(GENERATED_MARK), hint);
  for (const [file, text] of files) if (tree.read(file, 'utf8') !== text) tree.write(file, text);

  if (options.skipFormat !== true) await formatFiles(tree);
});

export default ciGenerator;

function githubFiles(plan: CiPlan): [file: string, text: string][] {
  return [
    ['.github/workflows/preview.yml', githubPreviewWorkflow(plan)],
    ['.github/workflows/deploy.yml', githubDeployWorkflow(plan)],
  ];
}

function gitlabFiles(plan: CiPlan): [file: string, text: string][] {
  if (plan.distribution !== 'none')
    throw invalidAnswer('distribution', plan.distribution, 'on GitLab one runner deploys an environment: use none');
  const refused = plan.environments.find((name) => NO_REF.test(name));
  if (refused !== undefined)
    throw invalidAnswer('environments', refused, 'GitLab keeps deployments in git, which takes no such name for a ref');
  return [['.gitlab-ci.yml', gitlabPipeline(plan)]];
}

function planOf(workspace: WorkspaceTree, options: CiGeneratorSchema): CiPlan {
  const { tree, options: plugin } = workspace;
  const environments =
    options.environments?.map((name) => checkedAnswer('environment', 'environments', name)) ??
    promotionOrder(deployedNames(workspace));
  const [first] = environments;
  if (first === undefined) throw noEnvironments();
  const alike = environments.find((name, at) => environments.findIndex((other) => jobId(other) === jobId(name)) < at);
  if (alike !== undefined)
    throw invalidAnswer('environments', alike, 'jobs are named by environments: give each another name, and each once');
  const previewed = options.preview ?? first;
  if (!environments.includes(previewed))
    throw invalidAnswer('preview', previewed, `choose one of: ${environments.join(', ')}`);
  const manager = detectPackageManager(tree.root);
  const { ciInstall, exec } = getPackageManagerCommand(manager, tree.root);
  return {
    environments,
    pushed: environments.filter((environment) => isInService(workspace, environment)),
    ...(/^[\w.-]+$/.test(plugin.organization ?? '') && { organization: plugin.organization as string }),
    previewed,
    branch: checkedAnswer('branch', 'branch', options.branch ?? readNxJson(tree)?.defaultBase ?? 'main'),
    distribution: options.distribution ?? 'none',
    waves: Math.max(1, ...environments.map((environment) => wavesOf(workspace, environment))),
    nodeVersion: options.nodeVersion ?? 22,
    packages: { manager, install: ciInstall ?? `${manager} install`, exec },
    targets: {
      deploy: checkedAnswer('target', 'deployTargetName', plugin.deployTargetName),
      preview: checkedAnswer('target', 'previewTargetName', plugin.previewTargetName),
      check: checkedAnswer('target', 'checkTargetName', plugin.checkTargetName),
    },
  };
}

/** The names under which stacks are deployed. */
function deployedNames({ index }: WorkspaceTree): string[] {
  const names = new Set([...index.projects()].flatMap((project) => index.deployable(project)));
  names.delete(LOCAL);
  return [...names];
}

/** Whether an environment of that name is kept in the service, whose files are then its source. */
function isInService({ index, options }: WorkspaceTree, environment: string): boolean {
  return index.names().some((name) => name.endsWith(`/${environment}`) && backendOf(name, options) === 'cloud');
}

/** How many stacks stand at the most one behind another, for an environment. */
function wavesOf({ index }: WorkspaceTree, environment: string): number {
  const order = new StackOrder(buildEntityGraph(index));
  const depths = new Map<string, number>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    depths.set(id, 1);
    const upstream = order
      .upstreamOf(id)
      .filter((other) => order.graph.entities.get(other)?.environment === environment);
    const depth = 1 + Math.max(0, ...upstream.map(depthOf));
    depths.set(id, depth);
    return depth;
  };
  const stacks = [...order.graph.entities.values()].filter(
    (entity) => entity.kind === 'stack' && entity.environment === environment,
  );
  return Math.max(0, ...stacks.map(({ id }) => depthOf(id)));
}

function noEnvironments(): Failure {
  return new Failure({
    class: 'config',
    code: 'environment-not-found',
    message: 'no stack of the workspace is deployed for any environment',
    hint: 'add stacks first: nx g nx-esc:stack <project>; or name environments: --environments=staging,prod',
  });
}
