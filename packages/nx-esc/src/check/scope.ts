import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { Failure } from '../failures/failure';
import { environmentProjectOf, type IndexedEnvironment, type IndexedProject } from '../workspace/workspace-index';
import type { CheckedWorkspace } from './checked-workspace';
import { hintNames } from './suggest-name';

/** What is checked. */
export interface CheckScope {
  /** Projects, each with the files whose findings are wanted; all of them where there are none. */
  readonly projects: readonly { readonly project: IndexedProject; readonly files?: ReadonlySet<string> }[];
  /** Whether the rules for the whole workspace are run, perhaps for some files alone. */
  readonly workspace: boolean | ReadonlySet<string>;
}

/** Everything. */
export function scopeOfAll({ index }: CheckedWorkspace): CheckScope {
  return { projects: [...index.projects()].map((project) => ({ project })), workspace: true };
}

/** One project, or of it what one environment rests on. */
export function scopeOfProject(workspace: CheckedWorkspace, project: IndexedProject, environment?: string): CheckScope {
  if (environment === undefined) return { projects: [{ project }], workspace: false };
  const indexed = workspace.index.environment(`${environmentProjectOf(project.name)}/${environment}`);
  const stackFile = project.files.stacks.get(environment);
  const files = new Set([
    ...(indexed === undefined ? [] : filesBeneath(workspace, indexed)),
    ...(stackFile === undefined ? [] : [stackFile]),
  ]);
  return { projects: [{ project, files }], workspace: false };
}

/**
 * What some names stand for: files (relative to `folder`), environments with all that they import, projects.
 *
 * @throws Failure config/environment-not-found
 */
export function scopeOfNames(workspace: CheckedWorkspace, names: readonly string[], folder: string): CheckScope {
  const { index, root } = workspace;
  const files: string[] = [];
  const projects = new Map<string, { readonly project: IndexedProject; files?: Set<string> }>();
  const add = (project: IndexedProject, wanted: readonly string[] | undefined): void => {
    const known = projects.get(project.name);
    if (wanted === undefined) projects.set(project.name, { project });
    else if (known === undefined) projects.set(project.name, { project, files: new Set(wanted) });
    else for (const file of wanted) known.files?.add(file);
  };
  for (const name of names) {
    const file = fileNamed(root, folder, name);
    if (file !== undefined) {
      files.push(file);
      continue;
    }
    const environment = environmentNamed(workspace, name);
    const project = index.project(name);
    if (environment !== undefined) add(environment.project, filesBeneath(workspace, environment));
    else if (project !== undefined) add(project, undefined);
    else throw notFound(workspace, name);
  }
  const { owned, others } = ownersOf(workspace, files);
  for (const [project, theirs] of owned) add(project, theirs);
  return { projects: [...projects.values()], workspace: others.size > 0 ? others : false };
}

/** What some files are checked by, given relative to the workspace. Files that are not ours count for nothing. */
export function scopeOfFiles(workspace: CheckedWorkspace, files: readonly string[]): CheckScope {
  const { owned, others } = ownersOf(workspace, files);
  return {
    projects: [...owned].map(([project, theirs]) => ({ project, files: new Set(theirs) })),
    workspace: others.size > 0 ? others : false,
  };
}

/** The projects that files lie in. Rules for the whole workspace may look at any of them, too. */
function ownersOf({ index }: CheckedWorkspace, files: readonly string[]) {
  const roots = [...index.projects()].sort((a, b) => b.files.root.length - a.files.root.length);
  const owned = new Map<IndexedProject, string[]>();
  for (const file of files) {
    const owner = roots.find(({ files: { root } }) => root === '.' || file.startsWith(`${root}/`));
    if (owner !== undefined) owned.set(owner, [...(owned.get(owner) ?? []), file]);
  }
  return { owned, others: new Set(files) };
}

function fileNamed(root: string, folder: string, name: string): string | undefined {
  for (const base of [folder, root]) {
    const path = resolve(base, name);
    const inside = relative(root, path);
    if (inside === '' || inside.startsWith(`..${sep}`) || inside === '..') continue;
    if (existsSync(path) && statSync(path).isFile()) return inside.split(sep).join('/');
  }
  return undefined;
}

function environmentNamed({ index }: CheckedWorkspace, name: string): IndexedEnvironment | undefined {
  const parts = name.replace(/[@:].*$/, '').split('/');
  const [environment, project, organization] = parts.reverse();
  if (project === undefined) return undefined;
  if (organization !== undefined && index.organization !== undefined && organization !== index.organization)
    return undefined;
  return index.environment(`${project}/${environment}`);
}

/** The files of an environment and of all that it rests on. */
function filesBeneath({ graph }: CheckedWorkspace, { name, file }: IndexedEnvironment): string[] {
  const reached = graph.reachableFrom([`environment:${name}`], ({ kind }) => kind === 'environment');
  const files = [...reached].flatMap((id) => {
    const entity = graph.entities.get(id);
    return entity?.kind === 'environment' && entity.file !== undefined ? [entity.file] : [];
  });
  return [file, ...files];
}

function notFound({ index, root }: CheckedWorkspace, name: string): Failure {
  const projects = [...index.projects()].map((project) => project.name);
  return new Failure({
    class: 'config',
    code: 'environment-not-found',
    message: `there is no environment, project or file ${JSON.stringify(name)}`,
    hint: hintNames(name, name.includes('/') ? index.names() : projects),
    ...(existsSync(join(root, name)) && { details: ['it is a folder'] }),
  });
}
