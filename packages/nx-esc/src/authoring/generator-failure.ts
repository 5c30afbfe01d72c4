import type { GeneratorCallback, Tree } from '@nx/devkit';
import { describeFailure } from '../failures/describe-failure';
import { Failure } from '../failures/failure';

type Generate<Options> = (tree: Tree, options: Options) => Promise<GeneratorCallback | void>;

/**
 * Makes a generator of a function: a mistake of the user ends it with what, where and what to do. Nx writes nothing of
 * a tree whose generator has thrown.
 */
export function asGenerator<Options>(generate: Generate<Options>): Generate<Options> {
  return async (tree, options) => {
    try {
      return await generate(tree, options);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const described = new Error(describeFailure(error, tree.root), { cause: error });
      // Nx prints the stack of an error beneath its message; this one is no fault of the generator.
      described.stack = '';
      throw described;
    }
  };
}
