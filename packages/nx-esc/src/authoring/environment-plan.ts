import type { SecretAnswer } from './secret-answer';

/** A stack that an environment reads, with the outputs that become variables. */
export interface PlannedStack {
  readonly key: string;
  /** `project/stack` */
  readonly name: string;
  readonly outputs: readonly PlannedOutput[];
  /** Whether it is the stack that is deployed with the environment. */
  readonly isOwn?: boolean;
}

export interface PlannedOutput {
  readonly output: string;
  readonly variable: string;
}

/** What the environments of an app have in common. */
export interface BasePlan {
  readonly escProject: string;
  readonly domain: string;
  readonly port: number;
  readonly region: string;
  /** Role whose credentials may read the app's secrets. */
  readonly readerRole?: string;
}

/** The stacks that an environment is to read. */
export interface StacksPlan {
  readonly stacks: readonly PlannedStack[];
  /** Key of `values` under which they are opened. */
  readonly stacksKey: string;
}

/** What one environment of an app is to hold. */
export interface EnvironmentPlan extends BasePlan, StacksPlan {
  readonly environment: string;
  readonly secrets: readonly SecretAnswer[];
  /** Key of `values` under which the secrets are opened. */
  readonly secretsKey: string;
}
