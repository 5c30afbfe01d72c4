/** The files of a project that say what it deploys and with which environments; paths relative to the workspace. */
export interface ProjectFiles {
  /** Folder of the project, `.` for the workspace's own. */
  readonly root: string;
  /** Its Pulumi.yaml. */
  projectFile?: string;
  /** `Pulumi.<stack>.yaml` by stack. */
  readonly stacks: Map<string, string>;
  /** `esc/<environment>.yaml` by environment. */
  readonly environments: Map<string, string>;
}

/** The files that the plugin is interested in: few, since deleting one of them makes Nx take every project as affected. */
export const CONFIG_FILE_GLOB = '**/{Pulumi.yaml,Pulumi.yml,Pulumi.*.yaml,Pulumi.*.yml,esc/*.yaml,esc/*.yml}';

/** Files that make the folder they are in a project, in the order in which Nx asks them for its name. */
export const MANIFESTS: readonly string[] = ['project.json', 'package.json'];

const CONFIG_FILE = /(?:^|\/)(?:Pulumi(?:\.[^/]+)?|esc\/[^/]+)\.ya?ml$/;
const PROJECT_FILE = /^Pulumi\.ya?ml$/;
const STACK_FILE = /^Pulumi\.(.+)\.ya?ml$/;
/** `<environment>.local.yaml` is a personal overlay, no environment of its own. */
const ENVIRONMENT_FILE = /^(?!.+\.local\.ya?ml$)(.+)\.ya?ml$/;
const ENVIRONMENTS_FOLDER = 'esc';

/** Tells whether a file is one of those that the glob is for. */
export function isConfigFile(file: string): boolean {
  return CONFIG_FILE.test(file);
}

/**
 * Groups the files that matter by project, sorted by path. `ownerOf` gives the root of the project that a folder lies
 * in. A project has one Pulumi.yaml, the one nearest to its root; the folder of a further one is a project of its own.
 */
export function groupProjectFiles(
  files: Iterable<string>,
  ownerOf: (folder: string) => string = (folder) => folder,
): ReadonlyMap<string, ProjectFiles> {
  const sorted = [...files].sort();
  const groups = new ProjectGroups(ownerOf);
  const projectFiles = sorted.filter((file) => PROJECT_FILE.test(nameOf(file)));
  for (const file of projectFiles.sort((a, b) => depthOf(a) - depthOf(b))) groups.addProjectFile(file);
  for (const file of sorted) groups.addOther(file);
  return new Map([...groups.byRoot].sort(([a], [b]) => (a < b ? -1 : 1)));
}

class ProjectGroups {
  readonly byRoot = new Map<string, ProjectFiles>();
  readonly #rootOfFolder = new Map<string, string>();

  constructor(readonly ownerOf: (folder: string) => string) {}

  addProjectFile(file: string): void {
    const folder = folderOf(file);
    if (this.#rootOfFolder.has(folder)) return;
    const owner = this.ownerOf(folder);
    const root = this.byRoot.get(owner)?.projectFile === undefined ? owner : folder;
    this.#rootOfFolder.set(folder, root);
    this.#groupOf(root).projectFile = file;
  }

  addOther(file: string): void {
    const name = nameOf(file);
    const folder = folderOf(file);
    if (folder === ENVIRONMENTS_FOLDER || folder.endsWith(`/${ENVIRONMENTS_FOLDER}`)) {
      const environment = ENVIRONMENT_FILE.exec(name)?.[1];
      const parent = folderOf(folder);
      if (environment !== undefined) {
        setOnce(this.#groupOf(this.#rootOfFolder.get(parent) ?? this.ownerOf(parent)).environments, environment, file);
      }
      return;
    }
    const stack = STACK_FILE.exec(name)?.[1];
    if (stack !== undefined) setOnce(this.#groupOf(this.#rootOfFolder.get(folder) ?? folder).stacks, stack, file);
  }

  #groupOf(root: string): ProjectFiles {
    const known = this.byRoot.get(root);
    if (known !== undefined) return known;
    const created: ProjectFiles = { root, stacks: new Map(), environments: new Map() };
    this.byRoot.set(root, created);
    return created;
  }
}

function setOnce(map: Map<string, string>, key: string, value: string): void {
  if (!map.has(key)) map.set(key, value);
}

function depthOf(path: string): number {
  return path.split('/').length;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `.` for what lies in the workspace's own folder. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? '.' : path.slice(0, end);
}

/** The file that a project's inferred targets are attributed to. */
export function principalFileOf(files: ProjectFiles): string {
  const [first] = [files.projectFile, ...files.stacks.values(), ...files.environments.values()].filter(
    (file) => file !== undefined,
  );
  return first as string;
}

/**
 * The environments with which a project can be deployed: its stacks; before it has any, the environments that no
 * sibling builds on.
 */
export function deployableEnvironments(files: ProjectFiles, importedSiblings: ReadonlySet<string>): string[] {
  if (files.projectFile === undefined) return [];
  if (files.stacks.size > 0) return [...files.stacks.keys()].sort();
  return [...files.environments.keys()].filter((environment) => !importedSiblings.has(environment)).sort();
}
