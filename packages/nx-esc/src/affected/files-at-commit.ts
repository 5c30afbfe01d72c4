import { cacheFolderOf } from '../workspace/facts/cache-files';
import { DiskFacts } from '../workspace/facts/disk-facts';
import { IgnoredFiles } from '../workspace/ignored-files';
import { findConfigFiles } from '../workspace/find-files';
import { isConfigFile } from '../workspace/project-files';
import type { Git } from '../workspace/git';
import { indexRevision, type Revision, RevisionFiles } from './revision';

const READ = /(?:^|\/)(?:package|project)\.json$|\.[mc]?[jt]sx?$/;

/** The files of a workspace at a commit, or as they are now. Nothing is checked out. */
export async function filesAtCommit(git: Git, disk: DiskFacts, commit: string | undefined): Promise<RevisionFiles> {
  const { workspaceRoot } = disk;
  if (commit === undefined) return new RevisionFiles(workspaceRoot, disk, new Map());
  const ignored = new IgnoredFiles(workspaceRoot);
  const differing = (await git.changedFiles(commit)).filter(
    (file) => (isConfigFile(file) || READ.test(file)) && !ignored.has(file),
  );
  const contents = await git.readFiles(commit, differing);
  return new RevisionFiles(workspaceRoot, disk, new Map(differing.map((file) => [file, contents.get(file) ?? null])));
}

/** A workspace at a commit. */
export async function revisionAt(
  git: Git,
  workspaceRoot: string,
  commit: string,
  organization?: string,
): Promise<Revision> {
  const disk = new DiskFacts(workspaceRoot, cacheFolderOf(workspaceRoot));
  return indexRevision(await filesAtCommit(git, disk, commit), findConfigFiles(workspaceRoot), organization);
}
