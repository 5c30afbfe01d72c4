import {
  addDependenciesToPackageJson,
  formatFiles,
  type GeneratorCallback,
  joinPathFragments,
  offsetFromRoot,
  runTasksInSerial,
  type Tree,
} from '@nx/devkit';
import { checkedAnswer } from '../../authoring/answers';
import { LOCAL } from '../../authoring/deployed-environments';
import { asGenerator } from '../../authoring/generator-failure';
import { mergeYaml } from '../../authoring/merge-yaml';
import { isEsModule } from '../../authoring/module-kind';
import { NODE_TYPES_RANGE, pulumiSdkRange, TS_NODE_RANGE, TYPESCRIPT_RANGE } from '../../authoring/package-versions';
import { programText, projectFileText, stackFileText, tsconfigText } from '../../authoring/stack-text';
import { addReference, solutionFor } from '../../authoring/typescript-solution';
import { readWorkspaceTree, type TreeProject, type WorkspaceTree } from '../../authoring/workspace-tree';
import { folderOf } from '../../workspace/project-files';
import type { StackGeneratorSchema } from './schema';

const DEFAULT_STACKS = ['staging', 'prod'];

/** Adds a Pulumi program and its stacks to a project, or adopts those that it has. */
export const stackGenerator = asGenerator(async (tree: Tree, options: StackGeneratorSchema) => {
  const workspace = await readWorkspaceTree(tree);
  const project = workspace.project(options.project, options.root);
  const directory = checkedAnswer('folder', 'directory', options.directory ?? 'stack');
  const stacks =
    options.stacks?.map((stack) => checkedAnswer('stack', 'stacks', stack)) ?? stacksOf(project, workspace);

  const folder = joinPathFragments(project.root, directory);
  const isNew = project.files.projectFile === undefined;
  const isOurs = isNew && !tree.exists(joinPathFragments(folder, 'tsconfig.json'));
  const solution = isOurs ? solutionFor(tree, project.root) : undefined;
  const program = isNew ? programFiles(tree, project, { directory, isReferenced: solution !== undefined }) : [];
  const files = [...program, ...stackFiles(workspace, project, stacks)];
  for (const [file, text] of files) if (text !== tree.read(file, 'utf8')) tree.write(file, text);
  if (solution !== undefined) addReference(tree, solution, folder);
  const install = options.skipPackageJson === true ? undefined : addPackages(tree, project, folder);

  if (options.skipFormat !== true) await formatFiles(tree);
  return install;
});

export default stackGenerator;

type PlannedFile = readonly [file: string, text: string];

/** One stack for each environment that is deployed: those that no sibling imports, and that are no developer's own. */
function stacksOf({ name, files }: TreeProject, { index }: WorkspaceTree): string[] {
  const project = index.project(name);
  if (files.stacks.size > 0) return [...files.stacks.keys()].sort();
  if (project === undefined || files.environments.size === 0) return DEFAULT_STACKS;
  const projectFile = files.projectFile ?? joinPathFragments(files.root, 'Pulumi.yaml');
  const deployable = index.deployable({ name, files: { ...project.files, projectFile } });
  return deployable.filter((environment) => environment !== LOCAL);
}

/** For a project without a Pulumi.yaml; one that has it keeps it, and its program. */
function programFiles(
  tree: Tree,
  { escProject, root }: TreeProject,
  { directory, isReferenced }: { readonly directory: string; readonly isReferenced: boolean },
): PlannedFile[] {
  const program = joinPathFragments(root, directory, 'index.ts');
  const config = joinPathFragments(root, directory, 'tsconfig.json');
  const declarations = `${offsetFromRoot(directory)}out-tsc/${directory}`;
  return [
    [joinPathFragments(root, 'Pulumi.yaml'), projectFileText(escProject, `${directory}/index.ts`)],
    [program, tree.read(program, 'utf8') ?? programText(escProject)],
    [config, tree.read(config, 'utf8') ?? tsconfigText(isReferenced ? declarations : undefined)],
  ];
}

/** A stack that names an environment keeps it. */
function stackFiles({ tree, index }: WorkspaceTree, project: TreeProject, stacks: readonly string[]): PlannedFile[] {
  const { escProject, files, root } = project;
  const folder = files.projectFile === undefined ? root : folderOf(files.projectFile);
  return stacks.map((stack): PlannedFile => {
    const file = files.stacks.get(stack) ?? joinPathFragments(folder, `Pulumi.${stack}.yaml`);
    const existing = tree.read(file, 'utf8');
    const wanted = stackFileText(files.environments.has(stack) ? `${escProject}/${stack}` : undefined);
    if (existing === null) return [file, wanted];
    return [file, index.facts.factsOf(file).namesEnvironment === true ? existing : mergeYaml(existing, wanted, file)];
  });
}

/** What a program is made with, and what compiles it. */
function addPackages(tree: Tree, { root, files }: TreeProject, folder: string): GeneratorCallback {
  const own = joinPathFragments(root, 'package.json');
  const manifest = tree.exists(own) ? own : 'package.json';
  const needsLoader = files.projectFile === undefined && isEsModule(tree, folder);
  const compiler = {
    '@types/node': NODE_TYPES_RANGE,
    typescript: TYPESCRIPT_RANGE,
    ...(needsLoader && { 'ts-node': TS_NODE_RANGE }),
  };
  return runTasksInSerial(
    addDependenciesToPackageJson(tree, { '@pulumi/pulumi': pulumiSdkRange() }, {}, manifest, true),
    addDependenciesToPackageJson(tree, {}, compiler, undefined, true),
  );
}
