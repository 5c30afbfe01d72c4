import { type Origin, originOfFault, type Provenance, provenanceOf } from './analysis/provenance';
import type { Diagnostic } from './diagnostics/diagnostic';
import type { RotationOutcome } from './functions/function';
import type { PathSegment } from './language/property-path';
import type { EvaluatedEnvironment } from './evaluation/evaluator';
import {
  evaluate,
  type EvaluationOptions,
  type EvaluationResult,
  type OperationSettings,
} from './evaluation/operation';
import { environmentData } from './output/environment-data';
import type { DataFormat } from './output/value-data';
import type { Data } from './values/data';
import { exportValue } from './values/export-value';
import type { ExportedValue } from './values/exported-value';

/** An evaluated environment: its values with flags and provenance. */
export class ExportedEnvironment {
  readonly name: string;
  /** The environment's values as one object. */
  readonly root: ExportedValue;
  readonly #evaluated: EvaluatedEnvironment;

  constructor(evaluated: EvaluatedEnvironment) {
    this.name = evaluated.scope.name;
    this.root = exportValue(evaluated.value, this.name);
    this.#evaluated = evaluated;
  }

  /** Where the value at a path comes from; undefined where there is none. */
  provenance(path: readonly PathSegment[]): Provenance | undefined {
    return provenanceOf(this.#evaluated, path);
  }

  /** Where the value comes from that a diagnostic of this outcome is about; undefined where it is about none. */
  originOfFault(diagnostic: Diagnostic): Origin | undefined {
    return originOfFault(this.#evaluated, diagnostic);
  }

  /** The Environment of the ESC API: values, the expressions behind them, and the schema. */
  toData(format?: DataFormat): Data {
    return environmentData(this.#evaluated, format);
  }
}

export interface EnvironmentOutcome {
  /** Null where the text has errors that leave nothing to evaluate, or holds nothing. */
  readonly environment: ExportedEnvironment | null;
  /** What is wrong with the texts, in the order of evaluation. An outcome with errors must not be used to deploy. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface RotationResult extends EnvironmentOutcome {
  readonly rotations: readonly RotationOutcome[];
}

export interface CheckOptions extends EvaluationOptions {
  /** Decrypt secrets at rest; otherwise they are unknown. */
  readonly showSecrets?: boolean;
  /**
   * Say of unknown values what they stand for: an unknown value of one text and one of another with the same `symbol`
   * will turn out to be equal, whatever providers answer, if they answer the same for the same.
   */
  readonly symbolic?: boolean;
}

/**
 * Evaluates an environment without opening providers: what they would give is unknown, but inputs are checked against
 * their schemas. Secrets at rest are decrypted only with `showSecrets`.
 *
 * @throws the reason of the signal when it is aborted
 */
export async function checkEnvironment(options: CheckOptions): Promise<EnvironmentOutcome> {
  const { showSecrets = false, symbolic = false } = options;
  return outcomeOf(await evaluate(options, { mode: 'check', revealsSecrets: showSecrets, isSymbolic: symbolic }));
}

/**
 * Opens an environment: calls its providers, side by side where their inputs allow, and decrypts its secrets.
 *
 * @throws the reason of the signal when it is aborted
 */
export async function openEnvironment(options: EvaluationOptions): Promise<EnvironmentOutcome> {
  return outcomeOf(await evaluate(options, { mode: 'open' }));
}

/** Opens an environment and rotates its secrets, or those at the given paths. Patches say what to write into the text. */
export async function rotateEnvironment(
  options: EvaluationOptions & { readonly paths?: readonly (readonly PathSegment[])[] },
): Promise<RotationResult> {
  const settings: OperationSettings = { mode: 'rotate', ...(options.paths && { rotationPaths: options.paths }) };
  const result = await evaluate(options, settings);
  return { ...outcomeOf(result), rotations: result.rotations };
}

function outcomeOf({ environment, loadDiagnostics, diagnostics }: EvaluationResult): EnvironmentOutcome {
  return {
    environment: environment === null ? null : new ExportedEnvironment(environment),
    diagnostics: [...loadDiagnostics, ...diagnostics],
  };
}
