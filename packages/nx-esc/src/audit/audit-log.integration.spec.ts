import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AuditLog } from './audit-log';

const PROCESSES = 6;
const RECORDS = 60;
const BUILT = resolve(__dirname, '../../dist/audit/audit-log.js');
const WRITER = `
const { AuditLog } = require(${JSON.stringify(BUILT)});
const [file, id] = process.argv.slice(1);
const log = new AuditLog(file, 40_000);
for (let index = 0; index < ${RECORDS}; index += 1)
  log.append({ version: 1, time: new Date().toISOString(), who: { user: id }, milliseconds: index, secrets: ['x'.repeat(200)] });
`;

const folder = mkdtempSync(join(tmpdir(), 'nx-esc-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('processes that write and rotate at the same time lose no record and mix no lines', async () => {
  const file = join(folder, 'audit.jsonl');
  const codes = await Promise.all(
    Array.from({ length: PROCESSES }, (_, id) => {
      const child = spawn(process.execPath, ['-e', WRITER, file, String(id)], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      return new Promise((done) => child.once('close', done));
    }),
  );
  expect(codes).toEqual(Array.from({ length: PROCESSES }, () => 0));
  const records = new AuditLog(file).read();
  const written = Array.from({ length: PROCESSES }, (_, id) =>
    records.filter(({ who }) => who.user === String(id)).map(({ milliseconds }) => milliseconds),
  );
  expect(written).toEqual(
    Array.from({ length: PROCESSES }, () => Array.from({ length: RECORDS }, (_, index) => index)),
  );
});
