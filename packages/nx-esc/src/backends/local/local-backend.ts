import { checkEnvironment, type EvaluationHost, openEnvironment } from 'esc-eval';
import type { Backend, BackendRequest, EvaluatedEnvironment, Inspection } from '../backend';
import { LocalEvaluation, type LocalEvaluationOptions } from './local-evaluation';
import type { Rotation, RotationRequest } from './rotation';

/** The part of an evaluation's host that opens and rotates. */
export type ProviderHost = Pick<EvaluationHost, 'loadProvider' | 'loadRotator'>;

/** Evaluates the environments in the workspace's files, in this process. */
export class LocalBackend implements Backend {
  constructor(readonly options: LocalEvaluationOptions) {}

  check(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return new LocalEvaluation(this.options, request).run(checkEnvironment);
  }

  /**
   * Checks, and answers all that is found instead of failing. What is unknown says what it stands for in a symbolic
   * inspection.
   *
   * @throws Failure where the environment itself cannot be found
   */
  inspect(request: BackendRequest, { symbolic = false } = {}): Promise<Inspection> {
    return new LocalEvaluation(this.options, request).inspect(symbolic);
  }

  open(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return new LocalEvaluation(this.options, request).run(openEnvironment);
  }

  /**
   * Opens an environment and rotates its secrets. Secrets that could be rotated are, also where others fail.
   *
   * @throws Failure where the environment itself cannot be found
   */
  rotate(request: BackendRequest, rotation: RotationRequest): Promise<Rotation> {
    return new LocalEvaluation(this.options, request).rotate(rotation);
  }

  /** What it opens and rotates with, for evaluations of texts that are not in files. */
  providers(signal: AbortSignal): ProviderHost {
    const request: BackendRequest = { source: { kind: 'anonymous', text: '', file: '' }, signal };
    return new LocalEvaluation(this.options, request).host();
  }
}
