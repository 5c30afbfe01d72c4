import type { CheckedProject } from '../checked-project';
import type { CheckedWorkspace } from '../checked-workspace';
import { type NamedInCommand, namesInCommands } from '../reading/commands';
import { entriesIn, type Path, type StructuredFile, textsIn } from '../reading/structured-file';
import { environmentTargetNames, targetsIn } from '../reading/targets';
import type { Finding } from '../finding';
import type { Rule } from '../rule';
import { hintNames } from '../suggest-name';

export const unknownEnvironment: Rule = {
  code: 'unknown-environment',
  severity: 'error',
  summary: 'A target or a workflow names an environment or a stack that there is not.',
  checkProject: (project) =>
    project.manifests.flatMap((file) => [...configurationsIn(project, file), ...commandsIn(project, file)]),
  checkWorkspace(workspace) {
    const workflows = workspace.workflows().flatMap((file) => workspace.structured(file) ?? []);
    return [...workflows, ...workspace.foreignManifests()].flatMap((file) =>
      findNames(file, workspace, (named) => problemIn(workspace, named)),
    );
  },
};

/** Configurations of our targets are environments. */
function configurationsIn(project: CheckedProject, file: StructuredFile): Finding[] {
  const known = namesOf(project);
  if (known.length === 0) return [];
  return targetsIn(file).flatMap(({ name, path, target: { configurations, executor } }): Finding[] => {
    const isOurs = environmentTargetNames(project.workspace.options).includes(name);
    if (!isOurs || (executor !== undefined && !String(executor).startsWith('nx-esc:'))) return [];
    return entriesIn(configurations).flatMap(([configuration]): Finding[] =>
      known.includes(configuration)
        ? []
        : [
            {
              place: file.placeOfKey([...path, 'configurations', configuration]),
              message: `${project.name} has no environment "${configuration}"`,
              hint: hintNames(configuration, known),
            },
          ],
    );
  });
}

/** Commands in a project's own files, as far as they are for the project itself. */
function commandsIn(project: CheckedProject, file: StructuredFile): Finding[] {
  const known = namesOf(project);
  return findNames(file, project.workspace, ({ name, kind, project: named }) => {
    if (kind !== 'environment' || named !== project.name || known.includes(name)) return undefined;
    return { message: `${project.name} has no environment "${name}"`, hint: hintNames(name, known) };
  });
}

function namesOf({ files, deployable }: Pick<CheckedProject, 'files' | 'deployable'>): string[] {
  return [...new Set([...deployable, ...files.environments.keys()])];
}

type Problem = Pick<Finding, 'message' | 'hint'>;

function problemIn(workspace: CheckedWorkspace, { name, kind, project }: NamedInCommand): Problem | undefined {
  const { index } = workspace;
  if (kind === 'reference') {
    const qualified = name
      .replace(/[@:].*$/, '')
      .split('/')
      .slice(-2)
      .join('/');
    if (!qualified.includes('/') || index.environment(qualified) !== undefined) return undefined;
    return { message: `there is no environment "${name}"`, hint: hintNames(qualified, index.names()) };
  }
  const short = name.slice(name.lastIndexOf('/') + 1);
  const owner = project === undefined ? undefined : index.project(project);
  const owners = owner === undefined ? [...index.projects()] : [owner];
  const known = [
    ...new Set(owners.flatMap((each) => namesOf({ files: each.files, deployable: index.deployable(each) }))),
  ];
  if (known.length === 0 || known.includes(short)) return undefined;
  const what = kind === 'stack' ? 'stack' : 'environment';
  return {
    message: owner === undefined ? `no project has the ${what} "${short}"` : `${owner.name} has no ${what} "${short}"`,
    hint: hintNames(short, known),
  };
}

function findNames(
  file: StructuredFile,
  { options }: CheckedWorkspace,
  judge: (named: NamedInCommand) => Problem | undefined,
): Finding[] {
  const seen = new Map<string, number>();
  return [...textsIn(file.data)].flatMap(({ path, text }) =>
    namesInCommands(text, options).flatMap((named): Finding[] => {
      const problem = judge(named);
      if (problem === undefined) return [];
      const id = JSON.stringify([path, named.name]);
      const before = seen.get(id) ?? 0;
      seen.set(id, before + 1);
      return [{ place: placeOfName(file, path, named.name, before), ...problem }];
    }),
  );
}

/** Where a name stands in the text at a path, after `before` others. */
function placeOfName(file: StructuredFile, path: Path, name: string, before: number): Finding['place'] {
  const [start, end] = file.stretchOf(path);
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const places = [
    ...file.source.text.slice(start, end).matchAll(new RegExp(`(?<=[\\s=:"'])${escaped}(?![\\w/.-])`, 'g')),
  ];
  const at = places[Math.min(before, places.length - 1)]?.index;
  return at === undefined ? file.source.placeAt(start, end) : file.source.placeAt(start + at, start + at + name.length);
}
