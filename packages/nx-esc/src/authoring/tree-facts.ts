import type { Tree } from '@nx/devkit';
import { readFacts } from '../workspace/facts/facts-reader';
import { type FileFacts, NO_FACTS } from '../workspace/facts/file-facts';
import type { FileLookup } from '../workspace/facts/program-files';

/** Facts of the files in a generator's tree, as they are when they are asked for. */
export class TreeFacts implements FileLookup {
  constructor(readonly tree: Tree) {}

  has(file: string): boolean {
    return this.tree.exists(file) && this.tree.isFile(file);
  }

  factsOf(file: string): FileFacts {
    return this.has(file) ? readFacts(file, this.tree.read(file, 'utf8') ?? '') : NO_FACTS;
  }

  /** Nothing is kept: the tree is not yet what the disk will hold. */
  save(): void {}
}
