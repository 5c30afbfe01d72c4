import {
  type Data,
  EscNumber,
  type ExportedData,
  type ExportedValue,
  type Position,
  type Range,
  readJson,
} from 'esc-eval';

/** What the service finds wrong with a definition. */
export interface ApiDiagnostic {
  readonly summary: string;
  readonly detail?: string;
  readonly severity: 'error' | 'warning';
  readonly range: Range | null;
}

/** A state of an environment's definition, and who made it. */
export interface Revision {
  readonly number: number;
  readonly created: string;
  readonly creator: string;
}

type Fields = ReadonlyMap<string, Data>;

const ZERO: Position = { line: 0, column: 0, byte: 0 };
const NO_FIELDS: Fields = new Map();

/** Reads an answer as an object of JSON, numbers as they are written; undefined for anything else. */
export function readFields(text: string): Fields | undefined {
  try {
    const data = readJson(text);
    return data instanceof Map ? (data as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads an answer as a list of objects; undefined for anything else. */
export function readList(text: string): readonly Fields[] | undefined {
  try {
    const data = readJson(text);
    return Array.isArray(data) ? (data as readonly Data[]).map(fieldsOf) : undefined;
  } catch {
    return undefined;
  }
}

/** A list of objects within an answer. */
export function listIn(fields: Fields, name: string): readonly Fields[] {
  const list = fields.get(name);
  return Array.isArray(list) ? (list as readonly Data[]).map(fieldsOf) : [];
}

export function revisionOf(fields: Fields): Revision {
  return {
    number: numberOf(fields.get('number')),
    created: textOf(fields.get('created')) ?? '',
    creator: textOf(fields.get('creatorLogin')) ?? textOf(fields.get('creatorName')) ?? '',
  };
}

/** The values of an Environment of the ESC API (language reference, section 16) as one object. */
export function rootOfEnvironment(environment: Fields): ExportedValue {
  const properties = fieldsOf(environment.get('properties'));
  const value = new Map([...properties].map(([key, property]) => [key, valueOf(property)] as const));
  return { value, trace: { def: { begin: ZERO, end: ZERO } } };
}

/** The values of an environment as one Value, which is how the command prints them. */
export function rootOfValue(value: Fields): ExportedValue {
  return valueOf(value);
}

export function diagnosticsOf(answer: Fields): ApiDiagnostic[] {
  const diagnostics = answer.get('diagnostics');
  if (!Array.isArray(diagnostics)) return [];
  return (diagnostics as readonly Data[]).map((diagnostic) => {
    const fields = fieldsOf(diagnostic);
    const detail = textOf(fields.get('detail'));
    return {
      summary: textOf(fields.get('summary')) ?? 'an error without a text',
      severity: fields.get('severity') === 'warning' ? 'warning' : 'error',
      range: fields.get('range') instanceof Map ? rangeOf(fields.get('range')) : null,
      ...(detail !== undefined && detail !== '' && { detail }),
    };
  });
}

export function textOf(data: Data | undefined): string | undefined {
  return typeof data === 'string' ? data : undefined;
}

function valueOf(data: Data): ExportedValue {
  const fields = fieldsOf(data);
  const trace = fieldsOf(fields.get('trace'));
  const base = trace.get('base');
  return {
    value: contentsOf(fields.get('value') ?? null),
    ...(fields.get('secret') === true && { secret: true }),
    ...(fields.get('unknown') === true && { unknown: true }),
    trace: { def: rangeOf(trace.get('def')), ...(base instanceof Map && { base: valueOf(base) }) },
  };
}

function contentsOf(data: Data): ExportedData {
  if (Array.isArray(data)) return (data as readonly Data[]).map(valueOf);
  if (data instanceof Map) return new Map([...(data as Fields)].map(([key, item]) => [key, valueOf(item)] as const));
  return data as ExportedData;
}

function rangeOf(data: Data | undefined): Range {
  const fields = fieldsOf(data);
  const environment = textOf(fields.get('environment'));
  return {
    ...(environment !== undefined && environment !== '' && { environment }),
    begin: positionOf(fields.get('begin')),
    end: positionOf(fields.get('end')),
  };
}

function positionOf(data: Data | undefined): Position {
  const fields = fieldsOf(data);
  return {
    line: numberOf(fields.get('line')),
    column: numberOf(fields.get('column')),
    byte: numberOf(fields.get('byte')),
  };
}

function numberOf(data: Data | undefined): number {
  return data instanceof EscNumber ? Number(data.text) : 0;
}

function fieldsOf(data: Data | undefined): Fields {
  return data instanceof Map ? (data as Fields) : NO_FIELDS;
}
