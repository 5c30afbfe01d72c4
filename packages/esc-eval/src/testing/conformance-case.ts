import type { Diagnostic } from '../diagnostics/diagnostic';
import type { Range } from '../diagnostics/range';
import { compareBytes } from '../language/byte-string';
import { parsePropertyPath } from '../language/property-path';
import { evaluate, type EvaluationResult, type OperationSettings } from '../evaluation/operation';
import type { RotationOutcome } from '../functions/function';
import { environmentData } from '../output/environment-data';
import { ValueWriter } from '../output/value-data';
import { plainData } from '../output/plain-data';
import type { Data } from '../values/data';
import { exportValue } from '../values/export-value';
import { record } from '../values/json-tree';
import { EscNumber } from '../values/number';
import { createTestHost, ROT128 } from './test-host';

/** A case of the conformance suite: an environment, those it can import, and what differs from a plain run. */
export interface ConformanceCase {
  readonly name: string;
  readonly source: Uint8Array;
  /** The text of an importable environment; throws where there is none. */
  readonly load: (name: string) => Uint8Array;
  readonly overrides: {
    readonly showSecrets?: boolean;
    readonly rootEnvironment?: string;
    readonly rotate?: boolean;
    readonly rotatePaths?: readonly string[];
  };
}

/** Runs a case in all of its modes and answers what `expected.json` holds; members that are empty are left out. */
export async function runConformanceCase(testCase: ConformanceCase): Promise<Data> {
  const { overrides } = testCase;
  const run = (settings: OperationSettings): Promise<EvaluationResult> =>
    evaluate(
      {
        name: overrides.rootEnvironment || testCase.name,
        source: testCase.source,
        host: createTestHost({ environments: testCase.load }),
        decrypter: ROT128,
        contextValues: { pulumi: { user: { id: 'USER_123' } } },
        ignoreLoadErrors: true,
      },
      settings,
    );
  const check = await run({ mode: 'check', revealsSecrets: overrides.showSecrets ?? false });
  const opened = await run({ mode: 'open' });
  const members: [string, Data | undefined][] = [
    ['loadDiags', diagnosticsData(check.loadDiagnostics)],
    ['checkDiags', diagnosticsData(check.diagnostics)],
    ['check', environment(check)],
    ['checkJson', plain(check, false)],
    ['evalDiags', diagnosticsData(opened.diagnostics)],
    ['eval', environment(opened)],
    ['evalJsonRedacted', plain(opened, false)],
    ['evalJSONRevealed', plain(opened, true)],
  ];
  if (overrides.rotate === true) {
    const rotationPaths = overrides.rotatePaths?.map(parsePropertyPath);
    const rotated = await run({ mode: 'rotate', ...(rotationPaths && { rotationPaths }) });
    members.push(
      ['rotateDiags', diagnosticsData(rotated.diagnostics)],
      ['rotate', environment(rotated)],
      ['rotateJson', plain(rotated, false)],
      ['rotatePatches', patchesData(rotated.rotations)],
    );
  }
  return record(members);
}

function environment({ environment: evaluated }: EvaluationResult): Data | undefined {
  return evaluated === null ? undefined : environmentData(evaluated);
}

function plain({ environment: evaluated }: EvaluationResult, reveal: boolean): Data | undefined {
  return evaluated === null ? undefined : plainData(exportValue(evaluated.value, evaluated.scope.name), { reveal });
}

function patchesData(rotations: readonly RotationOutcome[]): Data | undefined {
  const patches = rotations.flatMap(({ patch }) => (patch === undefined ? [] : [patch]));
  if (patches.length === 0) return undefined;
  return patches
    .toSorted((a, b) => compareBytes(a.path, b.path))
    .map(({ path, replacement }) =>
      record([
        ['DocPath', path],
        ['Replacement', new ValueWriter().value(replacement)],
      ]),
    );
}

function diagnosticsData(diagnostics: readonly Diagnostic[]): Data | undefined {
  if (diagnostics.length === 0) return undefined;
  return diagnostics.toSorted(compareDiagnostics).map((diagnostic) =>
    record([
      ['Severity', new EscNumber(diagnostic.severity === 'error' ? '1' : '2')],
      ['Summary', diagnostic.summary],
      ['Detail', ''],
      ['Subject', diagnostic.range === null ? null : subjectData(diagnostic.range)],
      ['Context', null],
      ['Expression', null],
      ['EvalContext', null],
      ['Extra', null],
      ['Path', diagnostic.path],
    ]),
  );
}

function subjectData({ environment: filename, begin, end }: Range): Data {
  const position = (at: Range['begin']): Data =>
    record([
      ['Line', new EscNumber(String(at.line))],
      ['Column', new EscNumber(String(at.column))],
      ['Byte', new EscNumber(String(at.byte))],
    ]);
  return record([
    ['Filename', filename ?? ''],
    ['Start', position(begin)],
    ['End', position(end)],
  ]);
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  if (a.range === null || b.range === null) {
    if (a.range === b.range) return compareBytes(a.summary, b.summary);
    return a.range === null ? -1 : 1;
  }
  return (
    compareBytes(a.range.environment ?? '', b.range.environment ?? '') ||
    a.range.begin.line - b.range.begin.line ||
    a.range.begin.column - b.range.begin.column
  );
}
