import { JSON_SCHEMA, load } from 'js-yaml';
import { type Document, isMap, isScalar, type Node, parseDocument } from 'yaml';
import type { Place } from '../finding';
import type { SourceFile } from './source-file';

export type Path = readonly (string | number)[];
export type Mapping = Readonly<Record<string, unknown>>;

/**
 * A file in YAML or JSON. Its data are read quickly; the slower parser that knows places is run when a place is asked
 * for, which is where something is found.
 */
export class StructuredFile {
  readonly #data: unknown;
  #document: Document | undefined;

  constructor(readonly source: SourceFile) {
    this.#data = readData(source.text);
  }

  /** What the file says; undefined for one that cannot be read. */
  get data(): Mapping | undefined {
    return isMapping(this.#data) ? this.#data : undefined;
  }

  /** What stands at a path. */
  at(path: Path): unknown {
    return path.reduce<unknown>(
      (data, step) =>
        (isMapping(data) || Array.isArray(data)) && Object.hasOwn(data, step)
          ? (data as Record<string | number, unknown>)[step]
          : undefined,
      this.#data,
    );
  }

  /** The place of the value at a path; of the nearest thing around it, where there is no such value. */
  placeOf(path: Path): Place {
    const [start, end] = this.stretchOf(path);
    return this.source.placeAt(start, end);
  }

  /** The place of the key that a path ends in. */
  placeOfKey(path: Path): Place {
    const parent = this.#nodeAt(path.slice(0, -1));
    const pair = isMap(parent) ? parent.items.find(({ key }) => keyOf(key) === path.at(-1)) : undefined;
    const range = (pair?.key as Node | undefined)?.range;
    return range ? this.source.placeAt(range[0], range[1]) : this.placeOf(path.slice(0, -1));
  }

  /** The stretch of the text that a value takes, in UTF-16 units. */
  stretchOf(path: Path): readonly [start: number, end: number] {
    for (let length = path.length; length >= 0; length -= 1) {
      const range = this.#nodeAt(path.slice(0, length))?.range;
      if (range) return [range[0], range[1]];
    }
    return [0, 0];
  }

  #nodeAt(path: Path): Node | undefined {
    this.#document ??= parseDocument(this.source.text, { uniqueKeys: false, logLevel: 'silent' });
    const node: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    return (node as Node | null | undefined) ?? undefined;
  }
}

function readData(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // A mapping in YAML's flow style looks the same.
    }
  }
  try {
    return load(text, { schema: JSON_SCHEMA, json: true });
  } catch {
    return undefined;
  }
}

function keyOf(key: unknown): unknown {
  return isScalar(key) ? key.value : key;
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The entries of a mapping; none for anything else. */
export function entriesIn(value: unknown): [string, unknown][] {
  return isMapping(value) ? Object.entries(value) : [];
}

/** Every text in a value, with the way to it. */
export function* textsIn(value: unknown, path: Path = []): Generator<{ readonly path: Path; readonly text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsIn(item, [...path, index]);
  } else if (isMapping(value)) {
    for (const [key, item] of Object.entries(value)) yield* textsIn(item, [...path, key]);
  }
}
