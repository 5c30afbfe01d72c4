import { type FileFacts, NO_FACTS } from './facts/file-facts';
import { readFacts } from './facts/facts-reader';
import type { FileLookup } from './facts/program-files';
import { DiskFacts } from './facts/disk-facts';
import { findConfigFiles } from './find-files';
import { findProjects } from './list-projects';
import type { NormalizedOptions } from './plugin-options';
import { isConfigFile } from './project-files';
import { WorkspaceIndex } from './workspace-index';

/** What files say with other texts for some of them. Nothing is kept. */
class FactsWithTexts implements FileLookup {
  readonly #disk: DiskFacts;
  readonly #read = new Map<string, FileFacts>();

  constructor(
    workspaceRoot: string,
    readonly texts: ReadonlyMap<string, Buffer>,
  ) {
    this.#disk = new DiskFacts(workspaceRoot);
  }

  factsOf(file: string): FileFacts {
    const text = this.texts.get(file);
    if (text === undefined) return this.#disk.factsOf(file);
    if (!this.#read.has(file)) this.#read.set(file, readFacts(file, text.toString()));
    return this.#read.get(file) ?? NO_FACTS;
  }

  has(file: string): boolean {
    return this.texts.has(file) || this.#disk.has(file);
  }

  save(): void {
    // The texts are not those of the files.
  }
}

/** Indexes a workspace as it would be if some of its files had the given texts, which are staged in git. */
export function indexWithTexts(
  workspaceRoot: string,
  texts: ReadonlyMap<string, Buffer>,
  { organization }: NormalizedOptions,
): WorkspaceIndex {
  const facts = new FactsWithTexts(workspaceRoot, texts);
  const files = new Set([...findConfigFiles(workspaceRoot), ...[...texts.keys()].filter(isConfigFile)]);
  return new WorkspaceIndex(workspaceRoot, findProjects(workspaceRoot, files, facts), facts, organization);
}
