import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failures/failure';
import type { Environment } from '../pulumi/environment';
import type { NormalizedOptions } from '../workspace/plugin-options';
import type { WorkspaceIndex } from '../workspace/workspace-index';
import { CheckedWorkspace } from './checked-workspace';
import { type CheckReport, countBySeverity } from './formats/report';
import { DeployedOutputs } from './reading/deployed-outputs';
import { RULES } from './rules';
import { runCheck } from './run-check';
import type { CheckScope } from './scope';
import { Severities } from './severities';

export interface CheckOptions {
  readonly index: WorkspaceIndex;
  readonly options: NormalizedOptions;
  readonly signal: AbortSignal;
  /** Severities that go before those in nx.json, by the code of the rule. */
  readonly severities?: Readonly<Record<string, unknown>>;
  /** Texts that take the place of those on the disk. */
  readonly texts?: ReadonlyMap<string, Buffer>;
  /** Where to look for the states of deployed stacks; they are left alone without. */
  readonly env?: Environment;
  readonly select: (workspace: CheckedWorkspace) => CheckScope;
}

/**
 * Checks a workspace, or a part of it. Nothing is opened and no process is started.
 *
 * @throws Failure config/option-invalid, config/environment-not-found, config/file-outside-workspace
 */
export async function check({ select, severities = {}, env, ...given }: CheckOptions): Promise<CheckReport> {
  const weights = new Severities(RULES, { ...given.options.check?.rules, ...severities });
  const { index, options, signal, texts } = given;
  const workspace = new CheckedWorkspace({
    index,
    options,
    signal,
    ...(texts !== undefined && { texts }),
    ...(env !== undefined && { deployed: new DeployedOutputs(index, env) }),
  });
  const scope = select(workspace);
  const problems = await runCheck({ workspace, scope, rules: RULES, severities: weights });
  return { workspace, problems, rules: RULES, fixed: [], projects: scope.projects.length, version: readVersion() };
}

/** Says why a check has failed; undefined for one that has not. */
export function failureOf({ problems }: CheckReport, maxWarnings?: number): Failure | undefined {
  const { error, warning } = countBySeverity(problems);
  const tooMany = maxWarnings !== undefined && warning > maxWarnings;
  if (error === 0 && !tooMany) return undefined;
  const message =
    error > 0
      ? `${error} ${error === 1 ? 'error' : 'errors'} found`
      : `${warning} warnings found, and no more than ${maxWarnings} are allowed`;
  return new Failure({ class: 'config', code: 'check-failed', message, hint: 'docs/check says what each rule wants' });
}

function readVersion(): string {
  const file = join(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
