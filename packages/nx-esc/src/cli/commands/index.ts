import type { DeclareCommand } from '../command';
import { declareAffected } from './affected';
import { declareCache } from './cache';
import { declareAudit } from './audit';
import { declareCheck } from './check';
import { declareDiff } from './diff';
import { declareExplain } from './explain';
import { declareGraph } from './graph';
import { declareMatrix } from './matrix';
import { declareMask } from './mask';
import { declareOpen } from './open';
import { declarePull } from './pull';
import { declarePush } from './push';
import { declareRun } from './run';
import { declareShell } from './shell';
import { declareSecret } from './secret';
import { declareEncrypt } from './encrypt';
import { declareDecrypt } from './decrypt';
import { declareRekey } from './rekey';
import { declareKeys } from './keys';
import { declareRecipient } from './recipient';
import { declareRotate } from './rotate';
import { declareWhoami } from './whoami';
import { declareServe } from './serve';
import { declareStatus } from './status';

/** The commands of `nx-esc`, in the order in which its help lists them. */
export const COMMANDS: readonly DeclareCommand[] = [
  declareOpen,
  declareRun,
  declareShell,
  declareCache,
  declareCheck,
  declareExplain,
  declareDiff,
  declareMatrix,
  declareGraph,
  declareAffected,
  declareWhoami,
  declareSecret,
  declareEncrypt,
  declareDecrypt,
  declareRekey,
  declareKeys,
  declareRecipient,
  declareRotate,
  declareAudit,
  declareMask,
  declareServe,
  declareStatus,
  declarePush,
  declarePull,
];
