import { formatCodeFrame } from 'esc-eval';
import { escapeControls } from '../../failures/escape-controls';
import { exposedSecrets } from '../reading/credentials';
import type { CheckedWorkspace } from '../checked-workspace';
import type { Place, Problem, RelatedPlace } from '../finding';
import { type CheckReport, countBySeverity } from './report';

/** For people: by file, with the line that each problem is about, and what to do. */
export function renderText({ workspace, problems, fixed, projects }: CheckReport): string {
  const frames = new CodeFrames(workspace);
  const lines = fixed.map(({ place, code, fix }) => `fixed ${placeText(place)} ${code}: ${fix?.description ?? ''}`);
  if (fixed.length > 0) lines.push('');
  let file: string | undefined;
  for (const problem of problems) {
    if (problem.place.file !== file) {
      file = problem.place.file;
      lines.push(file);
    }
    lines.push(...describe(problem, frames).map((line) => `  ${line}`), '');
  }
  lines.push(summary(problems, projects));
  return `${lines.map(escapeControls).join('\n')}\n`;
}

function describe({ place, severity, code, message, hint, related = [], fix }: Problem, frames: CodeFrames): string[] {
  return [
    `${placeText(place)} ${severity} ${code}: ${message}`,
    ...frames.of(place).map((line) => `  ${line}`),
    ...related.map((each) => `  ${describeRelated(each)}`),
    ...(hint === undefined ? [] : [`  → ${hint}`]),
    ...(fix === undefined ? [] : [`  → --fix does it: ${fix.description}`]),
  ];
}

function describeRelated(place: RelatedPlace): string {
  return `${placeText(place)}: ${place.message}`;
}

export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function summary(problems: readonly Problem[], projects: number): string {
  const { error, warning, info } = countBySeverity(problems);
  const checked = counted(projects, 'project');
  if (problems.length === 0) return `✓ ${checked} checked, no problems`;
  const counts = [
    counted(error, 'error'),
    counted(warning, 'warning'),
    ...(info > 0 ? [`${info} of information`] : []),
  ];
  const fixable = problems.filter(({ fix }) => fix !== undefined).length;
  const fix = fixable > 0 ? `; --fix mends ${fixable}` : '';
  return `${error > 0 ? '✗' : '!'} ${checked} checked: ${counts.join(', ')}${fix}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Lines of files, without those that show a secret. */
class CodeFrames {
  readonly #secretLines = new Map<string, ReadonlySet<number> | undefined>();

  constructor(readonly workspace: CheckedWorkspace) {}

  of({ file, line, column, end = { line, column: column + 1 } }: Place): string[] {
    const source = this.workspace.source(file);
    if (source === undefined || this.#shown(file, line) === false) return [];
    const range = { begin: { line, column, byte: 0 }, end: { ...end, byte: 0 } };
    return formatCodeFrame(source.text, range)?.split('\n') ?? [];
  }

  /** What cannot be parsed may hold anything, and is not shown. */
  #shown(file: string, line: number): boolean {
    if (!this.#secretLines.has(file)) this.#secretLines.set(file, secretLines(this.workspace, file));
    return this.#secretLines.get(file)?.has(line) === false;
  }
}

const MENTIONS_SECRETS = /secure:|fn::secret|pass(?:word|wd|phrase)|secret|token|credential|api_?key|private_?key/i;

/** Lines of a file that hold secrets: of an environment what its text shows, of others all that sounds like it. */
function secretLines(workspace: CheckedWorkspace, file: string): ReadonlySet<number> {
  const source = workspace.source(file);
  if (source === undefined) return new Set();
  const environment = workspace.environmentAt(file);
  const parsed = environment === undefined ? undefined : workspace.parsed(environment);
  if (parsed?.declaration) {
    return new Set(
      [...exposedSecrets(parsed)].flatMap(({ expression: { range } }) =>
        Array.from({ length: range.end.line - range.begin.line + 1 }, (_, index) => range.begin.line + index),
      ),
    );
  }
  const lines = source.text.split('\n');
  // A value may stand on the line after its key.
  return new Set(lines.flatMap((text, index) => (MENTIONS_SECRETS.test(text) ? [index + 1, index + 2] : [])));
}
