import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from './audit-log';
import type { AuditRecord } from './audit-record';
import { Auditor } from './auditor';
import { parseHeaders } from './otlp-exporter';

const folder = mkdtempSync(join(tmpdir(), 'nx-esc-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ENTRY = {
  time: '2026-11-25T12:00:00.000Z',
  operation: 'deploy',
  environment: 'api/staging',
  stack: 'api/staging',
  contentHash: 'sha256:00',
  secrets: ['database.password'],
  outcome: 'failed',
  class: 'deploy',
  code: 'program-failed',
  milliseconds: 12,
} as const;

function createAuditor(name: string, endpoint?: string): { auditor: Auditor; log: AuditLog; problems: string[] } {
  const problems: string[] = [];
  const log = new AuditLog(join(folder, name, 'audit.jsonl'));
  const auditor = new Auditor({
    workspaceRoot: folder,
    actor: { user: 'me@host' },
    log,
    ...(endpoint !== undefined && {
      otlp: { endpoint, headers: parseHeaders('authorization=Bearer%20abc, x-team = a') },
    }),
    onProblem: (problem) => problems.push(problem),
  });
  return { auditor, log, problems };
}

async function serve(
  answer: (request: IncomingMessage, body: string) => number | undefined,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const status = answer(request, body);
    if (status !== undefined) response.writeHead(status).end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('appends a line with who and what, for this user alone', () => {
  const { auditor, log } = createAuditor('append');
  auditor.record(ENTRY);
  auditor.identify({ subject: 'repo:acme/shop:ref:refs/heads/main' });
  auditor.record(ENTRY);
  expect(log.read()).toEqual([
    { version: 1, who: { user: 'me@host' }, workspace: folder, ...ENTRY },
    {
      version: 1,
      who: { user: 'me@host', subject: 'repo:acme/shop:ref:refs/heads/main' },
      workspace: folder,
      ...ENTRY,
    },
  ]);
  expect(statSync(log.file).mode & 0o777).toBe(0o600);
  expect(readFileSync(log.file, 'utf8').split('\n')).toHaveLength(3);
});

test('sends each record as an OpenTelemetry log', async () => {
  const received: { url?: string; headers: IncomingMessage['headers']; body: string }[] = [];
  await serve(
    ({ url, headers }, body) => {
      received.push({ ...(url !== undefined && { url }), headers, body });
      return 200;
    },
    async (url) => {
      const { auditor, problems } = createAuditor('otlp', url);
      auditor.record(ENTRY);
      await auditor.flush();
      expect(problems).toEqual([]);
    },
  );
  const [request] = received;
  expect(request).toMatchObject({
    url: '/v1/logs',
    headers: { 'content-type': 'application/json', authorization: 'Bearer abc', 'x-team': 'a' },
  });
  const { resourceLogs } = JSON.parse(request?.body ?? '');
  expect(resourceLogs[0].resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'nx-esc' } });
  const [logRecord] = resourceLogs[0].scopeLogs[0].logRecords;
  expect(logRecord).toMatchObject({
    timeUnixNano: '1795608000000000000',
    severityNumber: 17,
    body: { stringValue: 'deploy api/staging failed' },
  });
  expect(logRecord.attributes).toEqual(
    expect.arrayContaining([
      { key: 'error.type', value: { stringValue: 'deploy/program-failed' } },
      { key: 'nx_esc.duration_ms', value: { intValue: '12' } },
      { key: 'nx_esc.secrets', value: { arrayValue: { values: [{ stringValue: 'database.password' }] } } },
    ]),
  );
});

test.each<[string, (url: string) => string, RegExp]>([
  ['refuses', (url) => `${url}/refuses`, /answered 503/],
  ['is not there', () => 'http://127.0.0.1:1', /no connection/],
  ['hangs', (url) => `${url}/hangs`, /does not answer in time/],
])('a collector that %s is reported once and fails nothing', async (name, endpointOf, message) => {
  await serve(
    ({ url }) => (url === '/refuses' ? 503 : undefined),
    async (url) => {
      const { auditor, log, problems } = createAuditor(name, endpointOf(url));
      auditor.record(ENTRY);
      auditor.record(ENTRY);
      await auditor.flush();
      expect(problems).toEqual([expect.stringMatching(message)]);
      expect(log.read()).toHaveLength(2);
    },
  );
});

test('a file that cannot be written is reported once and fails nothing', () => {
  const { auditor, problems } = createAuditor('file');
  writeFileSync(join(folder, 'file'), '');
  auditor.record(ENTRY);
  auditor.record(ENTRY);
  expect(problems).toEqual([expect.stringMatching(/cannot be written/)]);
});

test('rotates by size, keeps five, and leaves out lines that are cut off', () => {
  const log = new AuditLog(join(folder, 'rotated', 'audit.jsonl'), 2000);
  const record = { version: 1, who: { user: 'me@host' }, workspace: folder, ...ENTRY } as AuditRecord;
  for (let index = 0; index < 100; index += 1) log.append({ ...record, milliseconds: index });
  writeFileSync(log.file, '{"version":1,"ti', { flag: 'a' });
  const files = readdirSync(join(folder, 'rotated')).filter((name) => name.startsWith('audit'));
  expect(files.sort()).toEqual(['audit.jsonl', ...[1, 2, 3, 4, 5].map((index) => `audit.jsonl.${index}`)]);
  expect(files.every((name) => statSync(join(folder, 'rotated', name)).size <= 2000)).toBe(true);
  const kept = log.read().map(({ milliseconds }) => milliseconds);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 100 - kept.length + index));
});
