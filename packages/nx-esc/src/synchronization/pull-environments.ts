import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { editFile } from '../encryption/edit-file';
import { Failure } from '../failures/failure';
import { mapBounded } from '../network/map-bounded';
import { environmentProjectOf } from '../workspace/workspace-index';
import { compareSides, type SideComparison } from './compare-sides';
import { pulledText, type PullOptions } from './pulled-text';
import { refusalOf } from './refusal';
import type { SyncContext } from './sync-context';

export interface PulledEnvironment {
  readonly comparison: SideComparison;
  readonly action: 'create' | 'update' | 'merge' | 'none';
  /** Absolute path of what is written. */
  readonly path?: string;
  readonly milliseconds: number;
}

const MOST_AT_A_TIME = 8;

/**
 * Brings files to the service, or both together where they were changed in different places. All is compared and merged
 * before anything is written.
 *
 * @throws Failure config/merge-conflict, config/remote-ahead where it is not known what both sides have come from
 */
export async function pullEnvironments(
  context: SyncContext,
  names: readonly string[],
  options: PullOptions,
): Promise<PulledEnvironment[]> {
  const { force, isDryRun } = options;
  const comparisons = await mapBounded(names, MOST_AT_A_TIME, (name) => compareSides(context, name));
  const unrelated = comparisons.filter(({ state, base }) => state === 'diverged' && base === undefined);
  if (!force && unrelated.length > 0) throw await refusalOf(context, unrelated, 'pull');
  const planned = await mapBounded(comparisons, MOST_AT_A_TIME, async (comparison) => {
    const started = Date.now();
    const action = actionFor(comparison, force);
    if (action === 'none') return { comparison, action, milliseconds: 0 };
    const path = comparison.path ?? newFileOf(context, comparison.name);
    return { comparison, action, path, started, text: await pulledText(context, comparison, options) };
  });
  const results: PulledEnvironment[] = [];
  for (const { text, started = Date.now(), ...pulled } of planned) {
    const { comparison, path } = pulled;
    if (!isDryRun && text !== undefined && path !== undefined) await write(path, comparison.file?.text, text);
    results.push({ ...pulled, milliseconds: Date.now() - started });
  }
  return results;
}

function actionFor({ state }: SideComparison, isForced: boolean): PulledEnvironment['action'] {
  if (state === 'only-there') return 'create';
  if (state === 'behind' || (isForced && (state === 'diverged' || state === 'ahead'))) return 'update';
  return state === 'diverged' ? 'merge' : 'none';
}

async function write(path: string, before: string | undefined, text: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await editFile(path, (current) => {
    if (current === (before ?? '')) return text;
    throw new Failure({
      class: 'config',
      code: 'file-changed',
      message: 'the file has changed since it was compared; nothing was written',
      hint: 'run the command again',
      location: { file: path },
    });
  });
}

/** Where an environment goes that is only in the service: beside the others of its project. */
function newFileOf({ index, workspaceRoot }: SyncContext, name: string): string {
  const [escProject, environment = ''] = name.split('/');
  const project = [...index.projects()].find((each) => environmentProjectOf(each.name) === escProject);
  if (project === undefined || environment.endsWith('.local')) {
    throw new Failure({
      class: 'config',
      code: 'environment-not-found',
      message:
        project === undefined
          ? `the workspace has no project ${escProject} for the file of ${name}`
          : `${name} would be a personal overlay here`,
      hint: 'environments are the files esc/<name>.yaml of the projects of the workspace',
    });
  }
  const [sibling] = project.files.environments.values();
  const folder = sibling === undefined ? join(project.files.root, 'esc') : dirname(sibling);
  const path = join(workspaceRoot, folder, `${environment}.yaml`);
  if (!existsSync(path)) return path;
  throw new Failure({
    class: 'config',
    code: 'file-exists',
    message: `the file for ${name} is there already, and is another environment`,
    hint: 'give the projects names that differ without their scopes',
    location: { file: path },
  });
}
