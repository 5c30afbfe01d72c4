import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { cacheFolderOf, writeCache } from '../workspace/facts/cache-files';
import { DiskFacts, type FileStamps } from '../workspace/facts/disk-facts';
import type { IndexedProject } from '../workspace/workspace-index';

const CACHE_FILE = 'nx-esc-answer.json';

/** The edges of the project graph, by source. */
export type ProjectEdges = readonly (readonly [source: string, targets: readonly string[]])[];

/** What the plugin answered to Nx. It holds as long as the files that were looked at for it say the same. */
export interface Answer {
  /** Hash of what the projects rest on beside the content of files. */
  readonly key: string;
  /** The projects, as JSON: Nx changes what it is given. */
  readonly nodes: string;
  /** The files that were looked at. */
  readonly stamps: FileStamps;
  /** What these said, by the hash under which it is kept. */
  readonly facts?: string;
  /** Hash of what Nx knew when it asked for the edges, and these, once it has. */
  readonly question?: string;
  readonly edges?: ProjectEdges;
}

const asked = new Map<string, Answer>();

/** Remembers what was answered for the projects until Nx asks for the edges. */
export function beginAnswer(workspaceRoot: string, answer: Answer): void {
  asked.set(workspaceRoot, answer);
}

/** What was answered for the projects, once. */
export function continueAnswer(workspaceRoot: string): Answer | undefined {
  const answer = asked.get(workspaceRoot);
  asked.delete(workspaceRoot);
  return answer;
}

/** Hash of all that an answer rests on beside the content of files; the plugin's own code is part of it. */
export function keyOfAnswer(workspaceRoot: string, options: unknown, files: readonly string[]): string {
  return hash(JSON.stringify([releaseOfPlugin(), workspaceRoot, options ?? {}, [...files].sort()]));
}

/** Hash of what the edges rest on: the projects that have files of ours, and what targets name. */
export function keyOfQuestion(projects: readonly IndexedProject[], ...others: readonly unknown[]): string {
  const described = projects.map(({ name, files: { root, projectFile, stacks, environments } }) => [
    name,
    root,
    projectFile,
    [...stacks],
    [...environments],
  ]);
  return hash(JSON.stringify([described, others]));
}

/**
 * The last answer, if it was one to the same question and all of its files say what they did. One that holds though files
 * have changed, as most edits name nothing else than before, is kept with their new times.
 */
export function readAnswer(workspaceRoot: string, key: string): Answer | undefined {
  try {
    const text = readFileSync(fileIn(workspaceRoot), 'utf8');
    const [first, second] = [text.indexOf('\n'), text.indexOf('\n', text.indexOf('\n') + 1)];
    // A file that was cut off or changed does not have this hash.
    if (text.slice(0, first) !== hash(key + text.slice(first))) return undefined;
    const kept = JSON.parse(text.slice(first, second)) as Omit<Answer, 'key' | 'nodes'>;
    const stamps = confirm(workspaceRoot, kept);
    if (stamps === undefined) return undefined;
    const answer = { key, nodes: text.slice(second + 1), ...kept, stamps };
    if (stamps !== kept.stamps) keepAnswer(workspaceRoot, answer);
    return answer;
  } catch {
    return undefined;
  }
}

/** Keeps an answer for the next run; one that cannot be written is left. */
export function keepAnswer(workspaceRoot: string, { key, nodes, ...others }: Answer): void {
  const text = `\n${JSON.stringify(others)}\n${nodes}`;
  writeCache(fileIn(workspaceRoot), hash(key + text) + text);
}

/** How the files are now, if they are all there and say what they did; the same object where nothing has changed. */
function confirm(
  workspaceRoot: string,
  { stamps, facts: keptAs }: Pick<Answer, 'stamps' | 'facts'>,
): FileStamps | undefined {
  const changed: string[] = [];
  for (const [file, stamp] of Object.entries(stamps)) {
    const stats = statSync(`${workspaceRoot}/${file}`, { throwIfNoEntry: false });
    const isThere = stats?.isFile() === true;
    if (isThere !== (stamp !== null)) return undefined;
    if (isThere && (stats.mtimeMs !== stamp?.[0] || stats.size !== stamp[1])) changed.push(file);
  }
  if (changed.length === 0) return stamps;
  const facts = new DiskFacts(workspaceRoot, cacheFolderOf(workspaceRoot));
  if (keptAs === undefined || facts.keptAs !== keptAs) return undefined;
  return changed.every((file) => facts.saysTheSame(file)) ? { ...stamps, ...facts.stamps() } : undefined;
}

function fileIn(workspaceRoot: string): string {
  return join(cacheFolderOf(workspaceRoot), CACHE_FILE);
}

let release: string | undefined;

/** Tells releases apart, and the states of a plugin that is being worked on. */
function releaseOfPlugin(): string {
  if (release === undefined) {
    const root = join(__dirname, '..', '..');
    const modules = Object.keys(require.cache).filter((file) => file.startsWith(root + sep));
    const stamps = modules.sort().map((file) => {
      const { mtimeMs, size } = statSync(file);
      return [file, mtimeMs, size];
    });
    release = JSON.stringify([readFileSync(join(root, 'package.json'), 'utf8'), stamps]);
  }
  return release;
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
