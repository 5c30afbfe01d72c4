import { type Data, type DataFormat, type Diagnostic, type ExportedEnvironment, toData, writeJson } from 'esc-eval';
import type { Environments } from '../environments';
import type { Evaluator } from '../evaluator';
import { joinName } from '../names';
import type { OpenSessions } from '../open-sessions';
import { notFound, ServiceError } from '../service-error';

/** What the routes work with. */
export interface RouteContext {
  readonly environments: Environments;
  readonly evaluator: Evaluator;
  readonly sessions: OpenSessions;
  readonly organization: string;
  readonly user: string;
  /** How many entries a page has where the client does not say. */
  readonly pageSize: number;
}

export interface RouteRequest {
  readonly params: Readonly<Record<string, string>>;
  /** Of a parameter that is repeated, the first; one that is empty counts as absent. */
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Aborted when the client has gone, the service ends, or it takes too long. */
  readonly signal: AbortSignal;
}

export interface RouteResponse {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One route of the API: clients see what `handle` answers or throws. */
export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Whether it changes what is stored: refused where the service only reads. */
  readonly writes?: boolean;
  handle(request: RouteRequest, context: RouteContext): RouteResponse | Promise<RouteResponse>;
}

export const ENVIRONMENTS = '/api/esc/environments';
export const ORGANIZATION = `${ENVIRONMENTS}/:organization`;
export const ENVIRONMENT = `${ORGANIZATION}/:project/:environment`;
export const VERSION = `${ENVIRONMENT}/versions/:version`;

/** The name of the environment that a path is about. */
export function nameIn({ params }: RouteRequest): string {
  const name = joinName(params.project ?? '', params.environment ?? '');
  if (name === undefined) throw notFound(`environment ${params.project}/${params.environment}`);
  return name;
}

/** Clients count on a `value` in every value, also where it is null. */
const FORMAT: DataFormat = { lineage: '2026-08' };
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body as text, whatever type the client says it has. */
export function textOf({ body }: RouteRequest): string {
  try {
    return UTF8.decode(body);
  } catch {
    throw new ServiceError(400, 'the body is not valid UTF-8');
  }
}

/** The body as an object of JSON; an empty body is an empty object. */
export function jsonOf(request: RouteRequest): Readonly<Record<string, unknown>> {
  const text = textOf(request);
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw new ServiceError(400, 'the body is not valid JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ServiceError(400, 'the body is not an object');
}

/** A count in the query, within limits. */
export function countIn(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new ServiceError(400, `${JSON.stringify(text)} is no count`);
  const count = Number(text);
  return count === 0 ? fallback : Math.min(count, fallback);
}

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): RouteResponse {
  return { status, type: 'application/json', headers, body: JSON.stringify(value) };
}

/** An opened or checked environment, with what is to be said of it; null for one that holds nothing. */
export function environmentJson(
  environment: ExportedEnvironment | null,
  diagnostics: readonly Diagnostic[] = [],
): ReadonlyMap<string, Data> {
  const data = environment?.toData(FORMAT) ?? new Map<string, Data>([['properties', new Map<string, Data>()]]);
  const part = Object.entries(diagnosticsPart(diagnostics)).map(([key, value]) => [key, toData(value)] as const);
  return new Map([...(data as ReadonlyMap<string, Data>), ...part]);
}

export function dataResponse(data: Data): RouteResponse {
  return { status: 200, type: 'application/json', body: writeJson(data) };
}

export function noContent(): RouteResponse {
  return { status: 204 };
}

/** Diagnostics as a part of a response; none where there are none. */
export function diagnosticsPart(diagnostics: readonly Diagnostic[]): { readonly diagnostics?: readonly object[] } {
  if (diagnostics.length === 0) return {};
  return {
    diagnostics: diagnostics.map(({ range, summary, hint, severity }) => ({
      ...(range !== null && { range }),
      summary,
      ...(hint !== undefined && { detail: hint }),
      severity,
    })),
  };
}
