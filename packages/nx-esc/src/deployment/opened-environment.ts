import { relative } from 'node:path';
import { environmentVariablesOf, type ExportedValue, filesOf, type ProcessVariable } from 'esc-eval';
import type { BackendRequest, EnvironmentSource, EvaluatedEnvironment } from '../backends/backend';
import { describeDiagnostic } from '../backends/local/diagnostic-failure';
import { Failure } from '../failures/failure';
import type { PrivateFolder } from '../process/private-folder';
import { audited, type AuditFacts, factsOfEnvironment } from './audited';
import type { DeploymentServices } from './deployment';
import { secretsOf } from './secret-texts';
import { checkVariableName } from './variable-name';

export type OpeningServices = Pick<
  DeploymentServices,
  'backend' | 'redactor' | 'reporter' | 'workspaceRoot' | 'maskSecrets' | 'audit'
>;

/** Opens an environment, writes that down, has its secrets masked and redacted from now on, and prints its warnings. */
export async function openForDeployment(
  services: OpeningServices,
  request: BackendRequest,
): Promise<EvaluatedEnvironment> {
  const { backend, redactor, reporter, workspaceRoot } = services;
  const { source } = request;
  const facts: AuditFacts = { environment: nameOfSource(source, workspaceRoot) };
  const opened = await audited(services, 'open', facts, async () => {
    const environment = await backend.open(request);
    Object.assign(facts, factsOfEnvironment(environment, workspaceRoot));
    return environment;
  });
  registerSecrets(services, opened.root);
  for (const warning of opened.warnings) reporter.warn(redactor.redact(describeDiagnostic(warning, workspaceRoot)));
  return opened;
}

/** What an environment is called in the audit log: one without a name by the file of the stack that holds it. */
export function nameOfSource(source: EnvironmentSource, workspaceRoot: string): string {
  return source.kind === 'reference' ? source.ref : relative(workspaceRoot, source.file);
}

/** Has the secrets of an opened environment masked and redacted from now on. */
export function registerSecrets(
  { redactor, reporter, maskSecrets }: Pick<DeploymentServices, 'redactor' | 'reporter' | 'maskSecrets'>,
  root: ExportedValue,
): void {
  const secrets = secretsOf(root);
  maskSecrets?.(secrets.map(({ text }) => text));
  for (const { path, text } of secrets) redactor.add(text, path);
  const short = redactor.takeUnredactable();
  if (short.length > 0) reporter.note(`too short or too common to be redacted: ${short.join(', ')}`);
}

export interface ProcessEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Names that were left out because their values are not known yet. */
  readonly omitted: readonly string[];
}

/** Which variables a child may have, and which of them it gets. */
export interface VariableSelection {
  /** Names that are allowed although they change what processes run. */
  readonly allowedVariables?: readonly string[];
  readonly isWanted?: (name: string) => boolean;
}

/**
 * The variables of an opened environment for a child: `environmentVariables`, and for each of `files` the path of a
 * private file with its content. What is not known yet is left out, and what is not wanted.
 *
 * @throws Failure config/variable-not-allowed, config/variable-name-invalid, config/variable-value-invalid
 */
export function processEnvironmentOf(
  root: ExportedValue,
  folder: () => PrivateFolder,
  { allowedVariables = [], isWanted = () => true }: VariableSelection = {},
): ProcessEnvironment {
  const variables: Record<string, string> = {};
  const omitted: string[] = [];
  const take = (variable: ProcessVariable, valueOf: () => string): void => {
    checkVariableName(variable.name, allowedVariables);
    if (!isWanted(variable.name)) return;
    if (variable.unknown) omitted.push(variable.name);
    else variables[variable.name] = valueOf();
  };
  for (const variable of environmentVariablesOf(root)) take(variable, () => checkedValue(variable));
  for (const file of filesOf(root)) take(file, () => folder().write(file.name, file.value));
  return { variables, omitted };
}

function checkedValue({ name, value }: ProcessVariable): string {
  if (!value.includes('\0')) return value;
  throw new Failure({
    class: 'config',
    code: 'variable-value-invalid',
    message: `the value of ${name} holds a NUL byte, which no variable can hold`,
    hint: 'put it under "files", or encode it with fn::toBase64',
  });
}
