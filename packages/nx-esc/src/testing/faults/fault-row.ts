import { type EmulatedFault, trustPolicy, type WorldRequest } from '../aws-emulator';

/** A fault, and how the real command must end. */
export interface FaultRow {
  readonly name: string;
  /** Class and code; undefined where the command succeeds in spite of it. */
  readonly failure?: string;
  readonly exit: number;
  /** What the output must also hold. */
  readonly says?: RegExp;
  /** How often an action is asked for. */
  readonly asks?: readonly [string, number];
  readonly faults?: readonly EmulatedFault[];
  readonly world?: Partial<WorldRequest>;
  readonly env?: NodeJS.ProcessEnv;
  readonly files?: Readonly<Record<string, string>>;
  /** What the environment holds under `values:` instead of one secret. */
  readonly values?: string;
}

export const SUBJECT = 'repo:acme/shop:environment:staging';
export const DEFAULT_WORLD: WorldRequest = {
  subject: SUBJECT,
  audiences: ['sts.amazonaws.com'],
  roles: {
    'api-esc-reader': { trust: trustPolicy(SUBJECT) },
    blind: { trust: trustPolicy(SUBJECT), allow: [] },
  },
};
