import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { AuditedOperation, AuditRecord } from '../audit/audit-record';
import type { EvaluatedEnvironment } from '../backends/backend';
import { Failure } from '../failures/failure';
import type { DeploymentServices } from './deployment';
import { secretsOf } from './secret-texts';

/** What is found out about an operation while it runs. */
export type AuditFacts = {
  -readonly [Key in 'environment' | 'stack' | 'contentHash' | 'files' | 'secrets']?: AuditRecord[Key];
};

/** Runs an operation and writes down how it ended. */
export async function audited<T>(
  { audit }: Pick<DeploymentServices, 'audit'>,
  operation: AuditedOperation,
  facts: AuditFacts,
  run: () => Promise<T>,
): Promise<T> {
  const time = new Date().toISOString();
  const started = performance.now();
  const record = (outcome: Pick<AuditRecord, 'outcome' | 'class' | 'code'>): void =>
    audit?.record({ time, operation, ...facts, ...outcome, milliseconds: Math.round(performance.now() - started) });
  try {
    const result = await run();
    record({ outcome: 'succeeded' });
    return result;
  } catch (error) {
    const reason =
      error instanceof Failure
        ? { class: error.failureClass, code: error.code }
        : { class: 'internal', code: 'internal' };
    record({ outcome: 'failed', ...reason });
    throw error;
  }
}

/** What an opened environment adds to the record: which files it was read from, their hash, and its secrets by name. */
export function factsOfEnvironment({ files, root }: EvaluatedEnvironment, workspaceRoot: string): AuditFacts {
  const names = files.map((file) => relative(workspaceRoot, file));
  return {
    contentHash: hashFiles(files, workspaceRoot),
    files: names,
    secrets: secretsOf(root).map(({ path }) => path),
  };
}

function hashFiles(files: readonly string[], workspaceRoot: string): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const content = createHash('sha256').update(readFileSync(file)).digest('hex');
    hash.update(`${relative(workspaceRoot, file).replaceAll('\\', '/')}\0${content}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}
