import type { DeclareCommand } from '../command';
import { declareAffected } from './affected';
import { declareCheck } from './check';
import { declareGraph } from './graph';
import { declareOpen } from './open';
import { declareRun } from './run';
import { declareServe } from './serve';

/** The commands of `nx-esc`, in the order in which its help lists them. */
export const COMMANDS: readonly DeclareCommand[] = [
  declareOpen,
  declareRun,
  declareCheck,
  declareGraph,
  declareAffected,
  declareServe,
];
