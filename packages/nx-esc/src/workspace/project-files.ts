/** The files of a project that say what it deploys and with which environments; paths relative to the workspace. */
export interface ProjectFiles {
  /** Folder of the project, `.` for the workspace's own. */
  readonly root: string;
  projectFile?: string;
  /** `Pulumi.<stack>.yaml` by stack. */
  readonly stacks: Map<string, string>;
  /** `esc/<environment>.yaml` by environment. */
  readonly environments: Map<string, string>;
}

/** The files that the plugin is interested in: few, since deleting one of them makes Nx take every project as affected. */
export const CONFIG_FILE_GLOB = '**/{Pulumi.yaml,Pulumi.yml,Pulumi.*.yaml,Pulumi.*.yml,esc/*.yaml,esc/*.yml}';

const PROJECT_FILE = /^Pulumi\.ya?ml$/;
const STACK_FILE = /^Pulumi\.(.+)\.ya?ml$/;
const ENVIRONMENT_FILE = /^(.+)\.ya?ml$/;
const ENVIRONMENTS_FOLDER = 'esc';

/** Groups the files that matter by the folder of their project, sorted. */
export function groupProjectFiles(files: Iterable<string>): ReadonlyMap<string, ProjectFiles> {
  const groups = new Map<string, ProjectFiles>();
  const groupOf = (root: string): ProjectFiles => {
    const known = groups.get(root);
    if (known !== undefined) return known;
    const created: ProjectFiles = { root, stacks: new Map(), environments: new Map() };
    groups.set(root, created);
    return created;
  };
  for (const file of [...files].sort()) {
    const segments = file.split('/');
    const name = segments.at(-1) as string;
    const folder = segments.slice(0, -1);
    if (folder.at(-1) === ENVIRONMENTS_FOLDER) {
      const environment = ENVIRONMENT_FILE.exec(name)?.[1];
      if (environment !== undefined) groupOf(rootOf(folder.slice(0, -1))).environments.set(environment, file);
      continue;
    }
    const stack = STACK_FILE.exec(name)?.[1];
    if (PROJECT_FILE.test(name)) groupOf(rootOf(folder)).projectFile ??= file;
    else if (stack !== undefined) groupOf(rootOf(folder)).stacks.set(stack, file);
  }
  return groups;
}

function rootOf(folder: readonly string[]): string {
  return folder.length === 0 ? '.' : folder.join('/');
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
