import type { OriginKind } from 'esc-eval';

/** A place in a file of the workspace; line and column are 1-based. */
export interface FilePlace {
  /** Relative to the workspace. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What lies outside of the environments: where a call gets its answer from. */
export type ExternalSource =
  | {
      readonly kind: 'stack-output';
      /** `project/stack` */
      readonly stack: string;
      /** None where all outputs are taken. */
      readonly output?: string;
      /** Where the stack's program exports it. */
      readonly program?: FilePlace;
    }
  | { readonly kind: 'secret'; readonly provider: string; readonly id: string }
  | { readonly kind: 'provider'; readonly provider: string };

/** Where one value comes from, in the terms of a workspace; plain data. */
export interface ExplainedOrigin {
  readonly kind: OriginKind;
  /** None where no file defines it. */
  readonly place?: FilePlace;
  /** Path within the file, such as `values.database.url`. */
  readonly path: string;
  /** Secrets stand as `[secret]`, what only opening would tell as `[unknown]`. */
  readonly value: unknown;
  readonly isSecret: boolean;
  readonly isUnknown: boolean;
  /** The imports from the environment itself to the file, in order. */
  readonly imports: readonly (FilePlace & { readonly name: string; readonly kind: 'import' | 'reference' })[];
  readonly function?: string;
  /** Which part of the result of the function the value is. */
  readonly part?: string;
  readonly source?: ExternalSource;
  readonly ingredients: readonly {
    readonly written: string;
    readonly place?: FilePlace;
    readonly origin: ExplainedOrigin;
  }[];
  /** Whether its ingredients are listed further above. */
  readonly isRepeated?: true;
}

/** Where the value of one key of an environment comes from, and what it overrides. */
export interface Explanation {
  readonly environment: string;
  /** Path of the value, such as `environmentVariables.DATABASE_URL`. */
  readonly key: string;
  readonly origin: ExplainedOrigin;
  readonly overridden: readonly ExplainedOrigin[];
}

/** Everything outside of the environments that a value is made of, each once. */
export function externalSourcesOf(origin: ExplainedOrigin): ExternalSource[] {
  const found = new Map<string, ExternalSource>();
  const visit = ({ source, ingredients }: ExplainedOrigin): void => {
    // What a request needs, such as a login, is no part of the answer.
    if (source !== undefined) found.set(describeSource(source), source);
    else for (const ingredient of ingredients) visit(ingredient.origin);
  };
  visit(origin);
  return [...found.values()];
}

export function describeSource(source: ExternalSource): string {
  switch (source.kind) {
    case 'stack-output':
      return source.output === undefined ? `outputs of ${source.stack}` : `output ${source.output} of ${source.stack}`;
    case 'secret':
      return `${source.id} (${source.provider})`;
    case 'provider':
      return source.provider;
  }
}
