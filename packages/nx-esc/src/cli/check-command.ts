import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { check, type CheckOptions, failureOf } from '../check/check';
import { applyFixes } from '../check/fixes/apply-fixes';
import { CHECK_FORMATS } from '../check/formats';
import type { CheckReport } from '../check/formats/report';
import type { Problem } from '../check/finding';
import { scopeOfAll, scopeOfFiles, scopeOfNames } from '../check/scope';
import { parseSeverities } from '../check/severities';
import { Failure } from '../failures/failure';
import { cancelOnSignals } from '../workspace/cancellation';
import { Git } from '../workspace/git';
import { indexWithTexts } from '../workspace/index-with-texts';
import { processEnvironment, processEnvironmentWithDotenv } from '../workspace/process-environment';
import { readWorkspace } from './cli-session';

export interface CheckCommandOptions {
  readonly workspaceRoot: string;
  /** Environments, projects and files. */
  readonly names: readonly string[];
  readonly all: boolean;
  /** Check what is staged in git, and of that alone. */
  readonly staged: boolean;
  readonly fix: boolean;
  readonly format: string;
  readonly output?: string;
  /** `rule=level` */
  readonly severity: readonly string[];
  readonly maxWarnings?: number;
}

/** A fix may make room for another; more rounds than this mean that two undo one another. */
const MOST_ROUNDS = 10;

/**
 * Checks the workspace, or some of it, and prints what is found. The exit code is that of the class config where there
 * are errors, or too many warnings.
 *
 * @throws Failure config/option-invalid, config/environment-not-found
 */
export async function checkCommand(command: CheckCommandOptions): Promise<void> {
  const render = Object.hasOwn(CHECK_FORMATS, command.format) ? CHECK_FORMATS[command.format] : undefined;
  if (render === undefined) {
    throw invalid(`unknown format "${command.format}"`, `formats: ${Object.keys(CHECK_FORMATS).join(', ')}`);
  }
  if (command.staged && (command.fix || command.all || command.names.length > 0)) {
    throw invalid('--staged goes with no names, and neither with --all nor with --fix', 'fix, then stage again');
  }
  if (command.all && command.names.length > 0) throw invalid('--all goes with no names', 'leave one of them out');
  const cancellation = cancelOnSignals();
  try {
    const report = await checkAndFix(command, cancellation.signal);
    write(render(report), command.output);
    // As the target does: beside the lines of a pull request, too.
    const isForPeople = command.format === 'text' && command.output === undefined;
    if (isForPeople && processEnvironment().GITHUB_ACTIONS === 'true')
      process.stdout.write(CHECK_FORMATS.github?.(report) ?? '');
    process.exitCode = failureOf(report, command.maxWarnings)?.exitCode ?? 0;
  } finally {
    cancellation.dispose();
  }
}

async function checkAndFix(command: CheckCommandOptions, signal: AbortSignal): Promise<CheckReport> {
  const fixed: Problem[] = [];
  for (let round = 0; ; round += 1) {
    const report = await check({
      ...(await requestOf(command, signal)),
      signal,
      severities: parseSeverities(command.severity),
    });
    report.workspace.index.facts.save();
    if (!command.fix || round >= MOST_ROUNDS) return { ...report, fixed };
    const done = applyFixes(report.workspace, report.problems);
    if (done.length === 0) return { ...report, fixed };
    fixed.push(...done);
  }
}

async function requestOf(
  { workspaceRoot, names, staged }: CheckCommandOptions,
  signal: AbortSignal,
): Promise<Omit<CheckOptions, 'signal'>> {
  const env = processEnvironmentWithDotenv(workspaceRoot);
  const { index, options } = readWorkspace(workspaceRoot);
  if (staged) {
    const git = new Git(workspaceRoot, processEnvironment(), signal);
    const texts = await git.readFiles('', await git.stagedFiles());
    const select: CheckOptions['select'] = (workspace) => scopeOfFiles(workspace, [...texts.keys()]);
    return { index: indexWithTexts(workspaceRoot, texts, options), options, env, texts, select };
  }
  const select: CheckOptions['select'] = (workspace) =>
    names.length === 0 ? scopeOfAll(workspace) : scopeOfNames(workspace, names, process.cwd());
  return { index, options, env, select };
}

function write(text: string, output: string | undefined): void {
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  const file = resolve(output);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.error(`wrote ${output}`);
}

function invalid(message: string, hint: string): Failure {
  return new Failure({ class: 'config', code: 'option-invalid', message, hint });
}
