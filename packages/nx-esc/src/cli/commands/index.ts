import type { DeclareCommand } from '../command';
import { declareAffected } from './affected';
import { declareAudit } from './audit';
import { declareCheck } from './check';
import { declareGraph } from './graph';
import { declareMask } from './mask';
import { declareOpen } from './open';
import { declareRun } from './run';

/** The commands of `nx-esc`, in the order in which its help lists them. */
export const COMMANDS: readonly DeclareCommand[] = [
  declareOpen,
  declareRun,
  declareCheck,
  declareGraph,
  declareAffected,
  declareAudit,
  declareMask,
];
