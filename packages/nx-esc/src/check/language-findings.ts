import { relative } from 'node:path';
import type { LocatedDiagnostic } from '../backends/backend';
import { explain } from '../backends/local/diagnostic-failure';
import type { CheckedProject, Evaluation } from './checked-project';
import { explainCycle } from './explain-cycle';
import { explainFailedAccess, NO_OBJECT } from './explain-access';
import { moveUnderValues } from './fixes/move-under-values';
import { qualifyImport } from './fixes/qualify-import';
import type { Finding, Fix, Place } from './finding';
import { hintNames } from './suggest-name';

/** The rule that reports a diagnostic; all others are reported by `language`. */
const RULE_OF: Readonly<Record<string, string>> = {
  'yaml-syntax': 'syntax',
  'yaml-alias': 'syntax',
  'yaml-key-not-string': 'syntax',
  'yaml-tag-cast': 'syntax',
  'document-not-object': 'syntax',
  'import-failed': 'unknown-import',
  'cyclic-import': 'import-cycle',
  'output-missing': 'unknown-output',
  'unknown-property': 'unknown-reference',
  'invalid-access': 'index-into-text',
  'unknown-field': 'misplaced-key',
  'final-override': 'final-override',
};
/** Diagnostics about a step of an access. */
const STEPS = new Set(['unknown-property', 'invalid-access']);
const MISSING_ENVIRONMENT = /^there is no environment (".*")$/s;
const UNQUALIFIED = /^"(.*)" means default\//s;

type FindingsByRule = ReadonlyMap<string, readonly Finding[]>;

const known = new WeakMap<CheckedProject, Promise<FindingsByRule>>();

/** What the language says of a project's environments and stacks, by the code of the rule that reports it. */
export function languageFindings(project: CheckedProject): Promise<FindingsByRule> {
  const findings = known.get(project) ?? classifyDiagnostics(project);
  known.set(project, findings);
  return findings;
}

async function classifyDiagnostics(project: CheckedProject): Promise<FindingsByRule> {
  const findings = new Map<string, Finding[]>();
  for (const evaluation of await project.evaluations()) {
    for (const diagnostic of evaluation.inspection.diagnostics) {
      const rule = ruleOf(diagnostic, evaluation);
      const finding = new DiagnosticReader(project, evaluation, diagnostic).finding();
      findings.set(rule, [...(findings.get(rule) ?? []), finding]);
    }
  }
  return findings;
}

function ruleOf(diagnostic: LocatedDiagnostic, { stacks }: Evaluation): string {
  const { code, summary } = diagnostic;
  if (code === 'import-syntax' && UNQUALIFIED.test(summary)) return 'unqualified-import';
  if (code === 'invalid-access' && summary !== NO_OBJECT) return 'language';
  if (code === 'unknown-field' && !summary.includes("on Object 'environment'")) return 'language';
  return RULE_OF[explain(diagnostic, { stacks }).code] ?? RULE_OF[code] ?? 'language';
}

class DiagnosticReader {
  readonly file: string;

  constructor(
    readonly project: CheckedProject,
    readonly evaluation: Evaluation,
    readonly diagnostic: LocatedDiagnostic,
  ) {
    const { file } = diagnostic;
    this.file = file === undefined ? '' : relative(project.workspace.root, file).replaceAll('\\', '/');
  }

  finding(): Finding {
    const { severity, related = [] } = this.diagnostic;
    const worded = this.#worded();
    const relatedPlaces = related.map(({ range, message }) => ({ ...this.#placeOf(range), message }));
    return {
      place: this.#place(),
      ...(severity === 'warning' && { severity }),
      ...(relatedPlaces.length > 0 && { related: relatedPlaces }),
      ...worded,
    };
  }

  /** A step of an access is told with its dot; its name is what people look for. */
  #place(): Place {
    const place = this.#placeOf(this.diagnostic.range);
    const source = this.project.workspace.source(this.file);
    const isDot = this.diagnostic.range !== null && source?.text[source.offsetOf(place)] === '.';
    return isDot && STEPS.has(this.diagnostic.code) ? { ...place, column: place.column + 1 } : place;
  }

  #placeOf(range: LocatedDiagnostic['range']): Place {
    const source = this.project.workspace.source(this.file);
    if (source === undefined || range === null) return { file: this.file, line: 1, column: 1 };
    return source.placeOf(range);
  }

  /** The diagnostic in the words of a workspace. */
  #worded(): Pick<Finding, 'message'> & Partial<Finding> {
    const { code, summary } = this.diagnostic;
    const { workspace } = this.project;
    if (code === 'cyclic-import') return explainCycle(workspace, this.file, this.diagnostic);
    if (code === 'invalid-access' || code === 'unknown-property') {
      return explainFailedAccess(this.project, this.evaluation, this.diagnostic, this.file);
    }
    if (code === 'unknown-field') return this.#misplaced();
    const [, unqualified] = UNQUALIFIED.exec(summary) ?? [];
    if (unqualified !== undefined) return this.#unqualified(unqualified);
    const [, missing] = MISSING_ENVIRONMENT.exec(summary) ?? [];
    if (missing !== undefined) {
      const name = (JSON.parse(missing) as string).replace(/[@:].*$/, '');
      return { message: summary, hint: hintNames(name, workspace.index.names()) };
    }
    const { message, hint } = explain(this.diagnostic, { stacks: this.evaluation.stacks });
    return { message, ...(hint !== undefined && { hint }) };
  }

  #unqualified(name: string): Pick<Finding, 'message'> & Partial<Finding> {
    const { hint = '', range } = this.diagnostic;
    const qualified = hint.replace(/^write /, '');
    const fix = this.#fix((text) => (range === null ? undefined : qualifyImport(text, name, qualified, range)));
    return {
      message: `"${name}" means "default/${name}" in Pulumi Cloud, and "${qualified}" here`,
      hint,
      severity: 'warning',
      ...fix,
    };
  }

  #misplaced(): Pick<Finding, 'message'> & Partial<Finding> {
    const { range, path } = this.diagnostic;
    const fix = this.#fix((text) => (range === null ? undefined : moveUnderValues(text, path, range.begin.line)));
    return {
      message: `"${path}" is not a field of an environment: it is ignored`,
      hint: 'put it under "values", indented',
      severity: 'error',
      ...fix,
    };
  }

  #fix(create: (text: string) => Fix | undefined): { readonly fix?: Fix } {
    const source = this.project.workspace.source(this.file);
    const isEnvironment = this.project.workspace.environmentAt(this.file) !== undefined;
    const fix = source === undefined || !isEnvironment ? undefined : create(source.text);
    return fix === undefined ? {} : { fix };
  }
}
