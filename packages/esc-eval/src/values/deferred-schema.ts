import { recordSchema, type Schema } from './schema';

/** A schema, or what it takes to compute it: most schemas of merged values are never looked at. */
export type SchemaSource = Schema | DeferredSchema;

/** A schema that is computed from others when it is first needed. */
export class DeferredSchema {
  #result: Schema | undefined;
  #sources: readonly SchemaSource[];
  #combine: ((schemas: readonly Schema[]) => Schema) | undefined;

  constructor(sources: readonly SchemaSource[], combine: (schemas: readonly Schema[]) => Schema) {
    this.#sources = sources;
    this.#combine = combine;
  }

  static resolve(source: SchemaSource): Schema {
    return source instanceof DeferredSchema ? source.#resolve() : source;
  }

  /** Without recursion: an environment may merge thousands of imports. */
  #resolve(): Schema {
    const pending: DeferredSchema[] = [this];
    for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
      const missing = top.#result === undefined ? top.#unresolved() : [];
      if (missing.length > 0) {
        pending.push(...missing);
        continue;
      }
      top.#finish();
      pending.pop();
    }
    return this.#result as Schema;
  }

  #unresolved(): DeferredSchema[] {
    return this.#sources.filter(
      (source) => source instanceof DeferredSchema && source.#result === undefined,
    ) as DeferredSchema[];
  }

  #finish(): void {
    if (this.#combine === undefined) return;
    const schemas = this.#sources.map((source) =>
      source instanceof DeferredSchema ? (source.#result as Schema) : source,
    );
    this.#result = this.#combine(schemas);
    this.#sources = [];
    this.#combine = undefined;
  }
}

/** The schema of an object with these properties, computed when it is asked for. */
export function deferredRecord(
  properties: ReadonlyMap<string, { readonly schemaSource: SchemaSource }>,
): DeferredSchema {
  const keys = [...properties.keys()];
  return new DeferredSchema(
    [...properties.values()].map((property) => property.schemaSource),
    (schemas) => recordSchema(new Map(keys.map((key, index) => [key, schemas[index] as Schema]))),
  );
}
