import type { DeclareCommand } from '../command';
import { declareAffected } from './affected';
import { declareCheck } from './check';
import { declareGraph } from './graph';
import { declareOpen } from './open';
import { declareRun } from './run';
import { declareSecret } from './secret';
import { declareEncrypt } from './encrypt';
import { declareDecrypt } from './decrypt';
import { declareRekey } from './rekey';
import { declareKeys } from './keys';
import { declareRecipient } from './recipient';
import { declareRotate } from './rotate';

/** The commands of `nx-esc`, in the order in which its help lists them. */
export const COMMANDS: readonly DeclareCommand[] = [
  declareOpen,
  declareRun,
  declareCheck,
  declareGraph,
  declareAffected,
  declareSecret,
  declareEncrypt,
  declareDecrypt,
  declareRekey,
  declareKeys,
  declareRecipient,
  declareRotate,
];
