import { createHash } from 'node:crypto';
import type { Place, Problem, TextEdit } from '../finding';
import type { CheckReport } from './report';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;
const ROOT = '%SRCROOT%';

/** SARIF 2.1.0, as code scanning reads it. */
export function renderSarif(report: CheckReport): string {
  const { problems, rules, version } = report;
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'nx-esc',
            semanticVersion: version,
            rules: rules.map(({ code, summary, severity }) => ({
              id: code,
              shortDescription: { text: summary },
              help: { text: `See docs/check/${code}.md of nx-esc.` },
              defaultConfiguration: { level: LEVELS[severity] },
            })),
          },
        },
        columnKind: 'unicodeCodePoints',
        originalUriBaseIds: { [ROOT]: { description: { text: 'The folder of the workspace.' } } },
        results: problems.map((problem) => resultOf(problem, report)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(problem: Problem, report: CheckReport): object {
  const { code, severity, message, hint, place, related = [], fix } = problem;
  return {
    ruleId: code,
    ruleIndex: report.rules.findIndex((rule) => rule.code === code),
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    locations: [{ physicalLocation: locationOf(place) }],
    ...(related.length > 0 && {
      relatedLocations: related.map((each, id) => ({
        id,
        physicalLocation: locationOf(each),
        message: { text: each.message },
      })),
    }),
    ...(fix !== undefined && {
      fixes: [{ description: { text: fix.description }, artifactChanges: [changeOf(fix.edits, place.file, report)] }],
    }),
    // Lines move; the same problem in the same file stays the same.
    partialFingerprints: { 'problem/v1': fingerprintOf(code, place.file, message) },
  };
}

function locationOf({ file, line, column, end }: Place): object {
  return {
    artifactLocation: artifactOf(file),
    region: { startLine: line, startColumn: column, ...(end && { endLine: end.line, endColumn: end.column }) },
  };
}

function artifactOf(file: string): object {
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT };
}

function changeOf(edits: readonly TextEdit[], file: string, { workspace }: CheckReport): object {
  const source = workspace.source(file);
  return {
    artifactLocation: artifactOf(file),
    replacements: edits.map(({ start, end, text }) => {
      const place = source?.placeAt(start, end) ?? { line: 1, column: 1 };
      const { line, column } = place;
      const last = 'end' in place && place.end !== undefined ? place.end : { line, column };
      return {
        deletedRegion: { startLine: line, startColumn: column, endLine: last.line, endColumn: last.column },
        insertedContent: { text },
      };
    }),
  };
}

function fingerprintOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
