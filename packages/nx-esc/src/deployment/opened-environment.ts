import { environmentVariablesOf, type ExportedValue, filesOf, type ProcessVariable } from 'esc-eval';
import type { BackendRequest, EvaluatedEnvironment } from '../backends/backend';
import { describeDiagnostic } from '../backends/local/diagnostic-failure';
import { Failure } from '../failures/failure';
import type { PrivateFolder } from '../process/private-folder';
import type { Redactor } from '../process/redactor';
import type { DeploymentServices } from './deployment';

/** Variables by which an environment could take over the processes that it is given to. */
const FORBIDDEN =
  /^(?:PATH|LD_.*|DYLD_.*|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|IFS|PROMPT_COMMAND|PYTHONPATH|PYTHONSTARTUP|PERL5OPT|PERL5LIB|RUBYOPT|GIT_SSH_COMMAND|GIT_SSH|SHELLOPTS)$/;

/** Tells whether an environment may not set a variable: it would change what every process runs. */
export function isForbiddenVariable(name: string): boolean {
  return FORBIDDEN.test(name);
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Opens an environment, registers its secrets for redaction and prints its warnings. */
export async function openForDeployment(
  {
    backend,
    redactor,
    reporter,
    workspaceRoot,
  }: Pick<DeploymentServices, 'backend' | 'redactor' | 'reporter' | 'workspaceRoot'>,
  request: BackendRequest,
): Promise<EvaluatedEnvironment> {
  const opened = await backend.open(request);
  collectSecrets(opened.root, redactor);
  for (const warning of opened.warnings) reporter.warn(describeDiagnostic(warning, workspaceRoot));
  return opened;
}

/** Registers every secret text of a value. */
export function collectSecrets(exported: ExportedValue, redactor: Redactor, isWithinSecret = false): void {
  const isSecret = isWithinSecret || exported.secret === true;
  const { value } = exported;
  if (Array.isArray(value))
    for (const item of value as readonly ExportedValue[]) collectSecrets(item, redactor, isSecret);
  else if (value instanceof Map) {
    for (const item of (value as ReadonlyMap<string, ExportedValue>).values()) collectSecrets(item, redactor, isSecret);
  } else if (isSecret && value !== null && typeof value !== 'boolean' && exported.unknown !== true)
    redactor.add(String(value));
}

export interface ProcessEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Names that were left out because their values are not known yet. */
  readonly omitted: readonly string[];
}

/**
 * The variables of an opened environment for a child: `environmentVariables`, and for each of `files` the path of a
 * private file with its content. What is not known yet is left out.
 *
 * @throws Failure config/variable-not-allowed, config/variable-name-invalid
 */
export function processEnvironmentOf(root: ExportedValue, folder: () => PrivateFolder): ProcessEnvironment {
  const variables: Record<string, string> = {};
  const omitted: string[] = [];
  const take = (variable: ProcessVariable, valueOf: () => string): void => {
    checkName(variable.name);
    if (variable.unknown) omitted.push(variable.name);
    else variables[variable.name] = valueOf();
  };
  for (const variable of environmentVariablesOf(root)) take(variable, () => variable.value);
  for (const file of filesOf(root)) take(file, () => folder().write(file.name, file.value));
  return { variables, omitted };
}

function checkName(name: string): void {
  if (!NAME.test(name)) {
    throw new Failure({
      class: 'config',
      code: 'variable-name-invalid',
      message: `${JSON.stringify(name)} is not a name that a process's environment can hold`,
      hint: 'use letters, digits and underscores, and no digit at the start',
    });
  }
  if (isForbiddenVariable(name)) {
    throw new Failure({
      class: 'config',
      code: 'variable-not-allowed',
      message: `an environment may not set ${name}: it changes what every process runs`,
      hint: 'set it where the command is run instead',
    });
  }
}
