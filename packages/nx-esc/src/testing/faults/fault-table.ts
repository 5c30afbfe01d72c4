import { CONFIG_FAULTS } from './config-faults';
import type { FaultRow } from './fault-row';
import { SECRET_FAULTS } from './secret-faults';
import { STS_FAULTS } from './sts-faults';
import { TOKEN_FAULTS } from './token-faults';

/** Faults by what they are about, each with the end that the command must come to. */
export const FAULT_TABLE: readonly FaultRow[] = [...TOKEN_FAULTS, ...STS_FAULTS, ...SECRET_FAULTS, ...CONFIG_FAULTS];
