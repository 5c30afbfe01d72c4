import type { ProjectGraph } from '@nx/devkit';
import { isAbsolute } from 'node:path';
import { cacheFolderOf } from '../workspace/facts/cache-files';
import { DiskFacts } from '../workspace/facts/disk-facts';
import { findConfigFiles } from '../workspace/find-files';
import type { NormalizedOptions } from '../workspace/plugin-options';
import { isConfigFile } from '../workspace/project-files';
import { type AffectedStack, findAffectedStacks } from './find-affected';
import { Git } from '../workspace/git';
import { ProgramFiles } from './program-files';
import { filesAtCommit } from './files-at-commit';
import { indexRevision } from './revision';

export interface ComparisonRequest {
  readonly workspaceRoot: string;
  readonly options: NormalizedOptions;
  readonly nxJson: { readonly namedInputs?: Record<string, unknown[]>; readonly defaultBase?: string };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Only stacks of this name; all unless given. */
  readonly environment?: string;
  /** Whether stacks count that read the outputs of affected ones. */
  readonly includesDownstream: boolean;
  /** `NX_BASE`, else the default branch of nx.json. */
  readonly base?: string;
  /** `NX_HEAD`, else the files as they are now. */
  readonly head?: string;
  /** The graph of Nx: it is asked for only if a file differs that is no environment. */
  readonly readGraph: () => Promise<Pick<ProjectGraph, 'nodes' | 'dependencies'>>;
}

export interface Comparison {
  /** Commits; the head is missing for the files as they are now. */
  readonly base: string;
  readonly head?: string;
  readonly changedFiles: readonly string[];
  readonly affected: readonly AffectedStack[];
}

/**
 * Compares what stacks receive at two revisions. The older one is read from git's objects: nothing is checked out.
 *
 * @throws Failure config/revision-not-found, tool/git-failed, tool/git-not-found
 */
export async function compareRevisions(request: ComparisonRequest): Promise<Comparison> {
  const { workspaceRoot, options, nxJson, env, signal, environment } = request;
  const git = new Git(workspaceRoot, env, signal);
  const headName = request.head ?? env.NX_HEAD;
  const head = headName === undefined ? undefined : await git.commitOf(headName);
  const base = await git.baseOf(request.base ?? env.NX_BASE ?? nxJson.defaultBase ?? 'main', head ?? 'HEAD');
  const changed = (await git.changedFiles(base, head)).filter((file) => !isAbsolute(file)).sort();

  const disk = new DiskFacts(workspaceRoot, cacheFolderOf(workspaceRoot));
  const onDisk = findConfigFiles(workspaceRoot);
  const [older, newer] = [await filesAtCommit(git, disk, base), await filesAtCommit(git, disk, head)];
  const headRevision = indexRevision(newer, onDisk, options.organization);
  const programs = changed.every((file) => isConfigFile(file))
    ? undefined
    : new ProgramFiles(
        {
          graph: await request.readGraph(),
          namedInputs: nxJson.namedInputs ?? {},
          targetName: options.deployTargetName,
          programs: new Map(
            [...headRevision.index.projects()].map((each) => [each.name, headRevision.index.programOf(each)]),
          ),
        },
        changed,
      );
  const affected = await findAffectedStacks({
    base: indexRevision(older, onDisk, options.organization),
    head: headRevision,
    changed,
    programFilesOf: (project) => programs?.of(project) ?? [],
    signal,
    includesDownstream: request.includesDownstream,
    ...(environment !== undefined && { environment }),
  });
  disk.save();
  return { base, ...(head !== undefined && { head }), changedFiles: changed, affected };
}
