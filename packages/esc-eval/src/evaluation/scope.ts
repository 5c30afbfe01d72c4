import type { ProviderExecutionContext } from '../functions/provider';
import { toData } from '../values/data';
import { valueOfData } from '../values/convert';
import { SYNTHETIC } from '../values/definition';
import { recordSchema, type Schema } from '../values/schema';
import { Value } from '../values/value';
import type { Decrypter } from './host';

export const ANONYMOUS = '<yaml>';

/** One environment under evaluation: its declared root, its imports, and what `${context}` says in it. */
export class Scope {
  readonly context: ProviderExecutionContext;
  readonly imports = new Map<string, Value>();
  #contextValue: Value | undefined;
  #importsValue: Value | undefined;

  constructor(
    readonly name: string,
    readonly isRoot: boolean,
    importer: Scope | undefined,
    values: Readonly<Record<string, unknown>>,
    readonly decrypter: Decrypter | undefined,
  ) {
    const inherited = importer?.context.rootEnvironment ?? '';
    const rootEnvironment = inherited === '' || inherited === ANONYMOUS ? name : inherited;
    this.context = { currentEnvironment: name, rootEnvironment, values };
  }

  /** The value of `${context}` (language reference, section 10). */
  get contextValue(): Value {
    const { values, currentEnvironment, rootEnvironment } = this.context;
    this.#contextValue ??= valueOfData(
      toData({
        ...values,
        currentEnvironment: { name: currentEnvironment },
        rootEnvironment: { name: rootEnvironment },
      }),
      SYNTHETIC,
    );
    return this.#contextValue;
  }

  /** The value of `${imports}`: every import that was evaluated, by the name it was written with. */
  get importsValue(): Value {
    if (this.#importsValue === undefined) {
      const schemas = new Map<string, Schema>([...this.imports].map(([name, value]) => [name, value.schema]));
      this.#importsValue = new Value(SYNTHETIC, recordSchema(schemas), this.imports);
    }
    return this.#importsValue;
  }
}
