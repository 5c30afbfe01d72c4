import type { Range } from '../diagnostics/range';
import type { ExportedValue } from '../values/exported-value';
import type { Schema } from '../values/schema';

/** A provider's failure that knows which part of its inputs is at fault, and what to do about it. */
export class ProviderFault extends Error {
  constructor(
    message: string,
    readonly details: { readonly range?: Range; readonly hint?: string } = {},
  ) {
    super(message);
  }
}

export interface HostCallOptions {
  readonly signal: AbortSignal;
}

/** Which environment a call stands in, which one is being evaluated, and the values of `${context}`. */
export interface ProviderExecutionContext {
  readonly currentEnvironment: string;
  readonly rootEnvironment: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Plain data a provider answers with: null, booleans, strings, numbers (or `EscNumber` to keep the text), arrays,
 * records and Maps; `secret(x)` and `unknown()` mark parts of it. Providers throw Errors whose message becomes the
 * diagnostic.
 */
export type ProviderOutput = unknown;

/** What `fn::open::NAME` calls. Inputs arrive validated against `inputs`, with secret flags and traces. */
export interface Provider {
  readonly inputs: Schema;
  readonly outputs: Schema;
  open(
    inputs: ExportedValue,
    context: ProviderExecutionContext,
    options: HostCallOptions,
  ): ProviderOutput | Promise<ProviderOutput>;
  /**
   * Says, without opening anything, what is known of the answer: a check takes it for the answer, with `unknown()` for
   * what is not. Inputs may have unknown parts. Undefined where nothing is known.
   */
  preview?(inputs: ExportedValue): ProviderOutput;
}

/** What `fn::rotate::NAME` calls. */
export interface Rotator {
  readonly inputs: Schema;
  readonly state: Schema;
  readonly outputs: Schema;
  open(
    inputs: ExportedValue,
    state: ExportedValue | null,
    context: ProviderExecutionContext,
    options: HostCallOptions,
  ): ProviderOutput | Promise<ProviderOutput>;
  rotate(
    inputs: ExportedValue,
    state: ExportedValue | null,
    context: ProviderExecutionContext,
    options: HostCallOptions,
  ): ProviderOutput | Promise<ProviderOutput>;
}
