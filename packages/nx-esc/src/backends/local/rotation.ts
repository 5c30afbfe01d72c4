import { type EvaluationHost, type PathSegment, type RotationOutcome, type Rotator, unknown } from 'esc-eval';
import type { Failure } from '../../failures/failure';

export interface RotationRequest {
  /** Secrets to rotate; all of the environment where there are none. */
  readonly paths: readonly (readonly PathSegment[])[];
  /** Writes a new state back before anything else happens. */
  readonly keepState: NonNullable<EvaluationHost['keepState']>;
  /** Evaluates all that a rotation needs, and rotates nothing. */
  readonly isDryRun: boolean;
}

export interface Rotation {
  readonly rotations: readonly RotationOutcome[];
  /** What else is wrong, or why a rotation failed. */
  readonly failure: Failure | undefined;
}

/** Answers what was asked of rotators, and has them rotate nothing. */
export function withoutRotating(host: EvaluationHost): EvaluationHost {
  const still = (rotator: Rotator): Rotator => ({ ...rotator, open: () => unknown(), rotate: () => unknown() });
  return { ...host, loadRotator: async (name) => still(await host.loadRotator(name)) };
}
