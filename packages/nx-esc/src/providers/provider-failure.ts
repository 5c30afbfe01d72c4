import { ProviderFault, type Range } from 'esc-eval';
import { identityFailureOf, isThrottled, unreachableFailureOf } from '../aws/aws-failure';
import { Failure, type FailureCode } from '../failures/failure';

/** A failure of a provider, at the part of its inputs that it is about. */
export class ProviderFailure extends ProviderFault {
  constructor(
    readonly failure: Failure,
    range?: Range,
  ) {
    super(failure.message, {
      ...(range !== undefined && { range }),
      ...(failure.hint !== undefined && { hint: failure.hint }),
    });
  }
}

/** A failure of something that keeps secrets. */
export function secretsFailure(
  code: FailureCode,
  message: string,
  { hint, cause, details }: { readonly hint: string; readonly cause?: unknown; readonly details?: readonly string[] },
): Failure {
  return new Failure({ class: 'secrets', code, message, hint, ...(details && { details }) }, { cause });
}

/**
 * A failure of AWS that is not about one secret: who asks, how often, or the store itself.
 *
 * @param store such as `AWS Secrets Manager in eu-west-1`
 */
export function awsStoreFailureOf(
  error: unknown,
  { what, store, details }: { readonly what: string; readonly store: string; readonly details: readonly string[] },
): Failure {
  if (isThrottled(error)) {
    return secretsFailure('secret-throttled', `${what}: AWS is asked too often`, {
      cause: error,
      details,
      hint: 'try again in a minute',
    });
  }
  const unreachable = { failureClass: 'secrets', code: 'secret-store-unreachable', what: store } as const;
  return (
    identityFailureOf(error, what) ??
    unreachableFailureOf(error, unreachable) ??
    secretsFailure('secret-unavailable', `${what} cannot be read`, {
      cause: error,
      details,
      hint: 'see what AWS says above',
    })
  );
}

/** An outcome for each key of a map of inputs. */
export type KeyedOutcome<T> = { readonly value: T } | { readonly failure: Failure };

/** The values by key, or one failure: the first, with the others in its details. */
export function valuesOrFailure<T>(
  outcomes: ReadonlyMap<string, KeyedOutcome<T>>,
  rangeOf: (key: string) => Range | undefined,
): Map<string, T> {
  const failed = [...outcomes].flatMap(([key, outcome]) => ('failure' in outcome ? [{ key, ...outcome }] : []));
  const [first, ...others] = failed;
  if (first === undefined)
    return new Map([...outcomes].map(([key, outcome]) => [key, (outcome as { readonly value: T }).value]));
  const combined = others.reduce((failure, other) => failure.beside(other.failure), first.failure);
  throw new ProviderFailure(combined, rangeOf(first.key));
}
