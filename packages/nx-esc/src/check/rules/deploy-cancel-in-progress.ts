import type { CheckedWorkspace } from '../checked-workspace';
import { deploysIn } from '../reading/commands';
import { entriesIn, type Path, type StructuredFile, textsIn } from '../reading/structured-file';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

export const deployCancelInProgress: Rule = {
  code: 'deploy-cancel-in-progress',
  severity: 'error',
  summary: 'A workflow cancels a deployment that is running when a newer one comes.',
  checkWorkspace: (workspace) =>
    workspace.workflows().flatMap((name) => {
      const file = workspace.structured(name);
      if (file === undefined) return [];
      return name === '.gitlab-ci.yml' ? inGitlab(workspace, file) : inActions(workspace, file);
    }),
};

function inActions(workspace: CheckedWorkspace, file: StructuredFile): Finding[] {
  const deploying = entriesIn(file.at(['jobs'])).filter(([, job]) => isDeploying(workspace, job));
  if (deploying.length === 0) return [];
  const paths: Path[] = [['concurrency'], ...deploying.map(([name]): Path => ['jobs', name, 'concurrency'])];
  return paths.flatMap((path) => {
    const place = [...path, 'cancel-in-progress'];
    return file.at(place) === true || file.at(place) === 'true'
      ? [finding(file, place, 'cancel-in-progress: false')]
      : [];
  });
}

function inGitlab(workspace: CheckedWorkspace, file: StructuredFile): Finding[] {
  const isDefault = file.at(['default', 'interruptible']) === true;
  return entriesIn(file.data).flatMap(([name, job]): Finding[] => {
    if (name === 'default' || !isDeploying(workspace, job)) return [];
    const own = file.at([name, 'interruptible']);
    if (own === true) return [finding(file, [name, 'interruptible'], 'interruptible: false')];
    return own === undefined && isDefault
      ? [finding(file, ['default', 'interruptible'], 'interruptible: false in the job that deploys')]
      : [];
  });
}

function isDeploying({ options }: CheckedWorkspace, job: unknown): boolean {
  return [...textsIn(job)].some(({ text }) => deploysIn(text, options));
}

function finding(file: StructuredFile, path: Path, instead: string): Finding {
  return {
    place: file.placeOf(path),
    message: 'a deployment that is cancelled leaves its stack locked, and resources that its state does not know',
    hint: `write ${instead}`,
  };
}
