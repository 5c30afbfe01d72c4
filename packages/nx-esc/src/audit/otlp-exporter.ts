import { hostname } from 'node:os';
import { withinTimeLimit } from '../network/time-limit';
import type { AuditRecord } from './audit-record';

const TIMEOUT_MS = 3000;
/** Numbers of severities of the OpenTelemetry log data model. */
const SEVERITIES = {
  succeeded: { severityNumber: 9, severityText: 'INFO' },
  failed: { severityNumber: 17, severityText: 'ERROR' },
};

export interface OtlpTarget {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends a record as an OpenTelemetry log over HTTP, in JSON (OTLP 1.x). Rejects where it is not taken.
 */
export async function exportRecord(record: AuditRecord, { endpoint, headers }: OtlpTarget): Promise<void> {
  await withinTimeLimit(new AbortController().signal, TIMEOUT_MS, async (signal) => {
    const response = await fetch(logsUrl(endpoint), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(logsOf(record)),
      signal,
      redirect: 'error',
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answered ${response.status}`);
  });
}

/** Reads headers in the form of OTEL_EXPORTER_OTLP_HEADERS: `name=value`, separated by commas, percent-encoded. */
export function parseHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

/** An endpoint without a path stands for the one that the protocol gives to logs. */
function logsUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = '/v1/logs';
  return url.href;
}

/** The body of an ExportLogsServiceRequest. */
function logsOf(record: AuditRecord): object {
  const time = `${Date.parse(record.time)}000000`;
  const subject = [record.environment ?? record.stack].filter((name) => name !== undefined);
  return {
    resourceLogs: [
      {
        resource: {
          attributes: attributesOf({
            'service.name': 'nx-esc',
            'host.name': hostname(),
            'nx_esc.workspace': record.workspace,
          }),
        },
        scopeLogs: [
          {
            scope: { name: 'nx-esc.audit' },
            logRecords: [
              {
                timeUnixNano: time,
                observedTimeUnixNano: `${Date.now()}000000`,
                ...SEVERITIES[record.outcome],
                eventName: `nx_esc.${record.operation}`,
                body: { stringValue: [record.operation, ...subject, record.outcome].join(' ') },
                attributes: attributesOf({
                  'nx_esc.operation': record.operation,
                  'nx_esc.environment': record.environment,
                  'nx_esc.stack': record.stack,
                  'nx_esc.content_hash': record.contentHash,
                  'nx_esc.files': record.files,
                  'nx_esc.secrets': record.secrets,
                  'nx_esc.kept': record.kept,
                  'nx_esc.outcome': record.outcome,
                  'nx_esc.duration_ms': record.milliseconds,
                  'error.type': record.code === undefined ? undefined : `${record.class}/${record.code}`,
                  'vcs.ref.head.revision': record.commit,
                  'user.name': record.who.user,
                  'nx_esc.actor.triggered_by': record.who.triggeredBy,
                  'nx_esc.actor.subject': record.who.subject,
                  'nx_esc.actor.arn': record.who.arn,
                  'cicd.pipeline.name': record.who.ci,
                  'cicd.pipeline.run.url.full': record.who.run,
                }),
              },
            ],
          },
        ],
      },
    ],
  };
}

type Attribute = string | number | boolean | readonly string[] | undefined;

function attributesOf(values: Readonly<Record<string, Attribute>>): object[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: Exclude<Attribute, undefined>): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { intValue: String(Math.round(value)) };
  if (typeof value === 'string') return { stringValue: value };
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}
