import { getProjects, globAsync, readNxJson, type Tree } from '@nx/devkit';
import { Failure } from '../failures/failure';
import { findProjects } from '../workspace/list-projects';
import { type NormalizedOptions, readPluginOptions } from '../workspace/plugin-options';
import { CONFIG_FILE_GLOB, type ProjectFiles } from '../workspace/project-files';
import { environmentProjectOf, WorkspaceIndex } from '../workspace/workspace-index';
import { checkedAnswer, invalidAnswer, quoted } from './answers';
import { TreeFacts } from './tree-facts';

/** A project that a generator adds to. */
export interface TreeProject {
  /** Name of the Nx project. */
  readonly name: string;
  /** Name of its environments' project. */
  readonly escProject: string;
  /** Folder, relative to the workspace. */
  readonly root: string;
  /** Its environments and stacks so far. */
  readonly files: ProjectFiles;
}

/** A workspace as a generator sees it: what is on the disk, and what has been generated so far. */
export interface WorkspaceTree {
  readonly tree: Tree;
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
  /**
   * Finds a project by its name, also one without environments and stacks; the scope may be left out, as for Nx. With a
   * root, one that is not there yet is taken to be in that folder.
   *
   * @throws Failure config/project-not-found, config/invalid-env-name, config/option-invalid
   */
  project(name: string, root?: string): TreeProject;
}

const ESC_NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** Indexes the environments and stacks in a tree. */
export async function readWorkspaceTree(tree: Tree): Promise<WorkspaceTree> {
  const options = readPluginOptions((readNxJson(tree) ?? {}) as { readonly plugins?: readonly unknown[] });
  const facts = new TreeFacts(tree);
  const files = await globAsync(tree, [CONFIG_FILE_GLOB]);
  const index = new WorkspaceIndex(tree.root, findProjects(tree.root, files, facts), facts, options.organization);
  const roots = new Map([...getProjects(tree)].map(([name, { root }]) => [name, root]));
  return { tree, index, options, project: (name, root) => findProject(name, index, roots, root) };
}

function findProject(
  written: string,
  index: WorkspaceIndex,
  roots: ReadonlyMap<string, string>,
  newRoot: string | undefined,
): TreeProject {
  const name = withScope(written, [...index.projects()].map((project) => project.name).concat(...roots.keys()));
  const known = index.project(name);
  const root = known?.files.root ?? roots.get(name) ?? rootOfNewProject(name, newRoot);
  if (root === undefined) {
    const names = [...new Set([...roots.keys(), ...[...index.projects()].map((project) => project.name)])].sort();
    throw new Failure({
      class: 'config',
      code: 'project-not-found',
      message: `there is no project ${quoted(name)}`,
      hint:
        names.length === 0 ? 'add a project first, or say where it is to be: --root' : `there are: ${names.join(', ')}`,
    });
  }
  const escProject = environmentProjectOf(name);
  if (!ESC_NAME.test(escProject)) {
    throw new Failure({
      class: 'config',
      code: 'invalid-env-name',
      message: `${JSON.stringify(escProject)} cannot be the project of environments`,
      hint: 'ESC takes letters, digits, "-", "_" and "." in names: give the Nx project such a name',
    });
  }
  return { name, escProject, root, files: known?.files ?? { root, stacks: new Map(), environments: new Map() } };
}

/** The one project whose name without its scope is what was written; else the name as it was written. */
function withScope(written: string, names: readonly string[]): string {
  if (names.includes(written)) return written;
  const [found, ...others] = new Set(names.filter((name) => name.startsWith('@') && name.endsWith(`/${written}`)));
  return found !== undefined && others.length === 0 ? found : written;
}

/** Nx names a folder that has no file of its own by its last segment. */
function rootOfNewProject(name: string, root: string | undefined): string | undefined {
  if (root === undefined) return undefined;
  const folder = checkedAnswer('folder', 'root', root);
  if (folder.split('/').at(-1) === name) return folder;
  throw invalidAnswer('root', root, `a new project is named by its folder: let it end in ${name}`);
}
