import { relative } from 'node:path';
import {
  type ExportedEnvironment,
  formatPropertyPath,
  type Ingredient,
  type Origin,
  type PathSegment,
  plainData,
  type Range,
  writeJson,
} from 'esc-eval';
import type { WorkspaceIndex } from '../workspace/workspace-index';
import type { ExplainedOrigin, Explanation, FilePlace } from './explanation';
import { externalSourceOf } from './external-source';

/** An evaluated environment, and which file each of its ranges is in. */
export interface Explainable {
  readonly name: string;
  readonly environment: ExportedEnvironment;
  readonly fileOf: (environment: string | undefined) => string | undefined;
}

export interface ExplainOptions {
  readonly index: WorkspaceIndex;
  /** Whether secrets show; they are masked unless said. */
  readonly reveal?: boolean;
}

/** Explains where the value at a path comes from; undefined where there is none. */
export function explainValue(
  { name, environment, fileOf }: Explainable,
  path: readonly PathSegment[],
  { index, reveal = false }: ExplainOptions,
): Explanation | undefined {
  const provenance = environment.provenance(path);
  if (provenance === undefined) return undefined;
  const explainer = new Explainer(index, fileOf, reveal);
  return {
    environment: name,
    key: formatPropertyPath(path),
    origin: explainer.origin(provenance.origin),
    overridden: provenance.overridden.map((origin) => explainer.origin(origin)),
  };
}

class Explainer {
  constructor(
    readonly index: WorkspaceIndex,
    readonly fileOf: Explainable['fileOf'],
    readonly reveal: boolean,
  ) {}

  origin(origin: Origin): ExplainedOrigin {
    const { kind, range, path, value, imports, part, isRepeated } = origin;
    const place = this.#place(range);
    const source = externalSourceOf(origin, this.index);
    return {
      kind,
      ...(place !== undefined && { place }),
      path,
      value: JSON.parse(writeJson(plainData(value, { reveal: this.reveal }))) as unknown,
      isSecret: value.secret ?? false,
      isUnknown: value.unknown ?? false,
      imports: imports.flatMap((step) => {
        const at = this.#place(step.range);
        return at === undefined ? [] : [{ name: step.name, kind: step.kind, ...at }];
      }),
      ...(origin.function !== undefined && { function: origin.function }),
      ...(part.length > 0 && { part: formatPropertyPath(part) }),
      ...(source !== undefined && { source }),
      ingredients: origin.ingredients.map((ingredient) => this.#ingredient(ingredient)),
      ...(isRepeated && { isRepeated }),
    };
  }

  #ingredient({ written, range, origin }: Ingredient): ExplainedOrigin['ingredients'][number] {
    const place = this.#place(range);
    return { written, ...(place !== undefined && { place }), origin: this.origin(origin) };
  }

  #place(range: Range | null): FilePlace | undefined {
    const file = range === null ? undefined : this.fileOf(range.environment);
    if (file === undefined || range === null || range.begin.line === 0) return undefined;
    const { line, column } = range.begin;
    return { file: relative(this.index.workspaceRoot, file), line, column };
  }
}
