import { constants } from 'node:os';
import { environmentVariablesOf, filesOf, nearestName } from 'esc-eval';
import type { BackendRequest, EnvironmentSource, EvaluatedEnvironment } from '../backends/backend';
import { Failure } from '../failures/failure';
import { ForegroundProcess } from '../process/foreground-process';
import { PrivateFolder } from '../process/private-folder';
import type { ProcessResult } from '../process/run-process';
import type { DeploymentServices } from './deployment';
import { collectSecrets, openForDeployment, processEnvironmentOf } from './opened-environment';

export interface RunCommandRequest {
  readonly source: EnvironmentSource;
  readonly command: string;
  readonly args: readonly string[];
  readonly shell?: boolean;
  readonly cwd: string;
  /** Gives the child the terminal; nothing is redacted then. */
  readonly isInteractive: boolean;
  /** Whether the child reads what this process would; nothing unless said. */
  readonly readsInput?: boolean;
  /** Whether the child gets nothing of this process's variables but what finds programs and places. */
  readonly isPristine?: boolean;
  /** Names of variables and files that the child gets; all unless given. */
  readonly only?: readonly string[];
  /** Whether a personal overlay counts. */
  readonly appliesOverlay?: boolean;
  /** Makes all that the child starts end with it. */
  readonly leadsGroup?: boolean;
  /** Further variables, over those of the environment. */
  readonly extra?: Readonly<Record<string, string>>;
  readonly print: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
}

/** What remains of this process's variables in a pristine one. */
const PRISTINE =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|COLORTERM|LANG|LC_.*|TZ|TMPDIR|PWD|SYSTEMROOT|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|TEMP|TMP)$/i;

/**
 * Runs a command with an environment's variables and files. The exit code is the child's; 128 and the signal's number
 * where a signal ended it. Signals of this process are passed on to it.
 *
 * @throws Failure tool/command-not-found where the command cannot be started
 */
export async function runInEnvironment(
  services: DeploymentServices,
  request: RunCommandRequest,
  open: () => Promise<Pick<EvaluatedEnvironment, 'root'>> = () => openForCommand(services, request),
): Promise<{ readonly code: number }> {
  const opened = await open();
  collectSecrets(opened.root, services.redactor);
  const { ended } = startInEnvironment(services, request, opened);
  return { code: exitCodeOfProcess(await ended) };
}

export function openForCommand(
  services: DeploymentServices,
  { source, appliesOverlay = false }: Pick<RunCommandRequest, 'source' | 'appliesOverlay'>,
): Promise<EvaluatedEnvironment> {
  const request: BackendRequest = { source, signal: services.signal, appliesOverlay };
  return openForDeployment(services, request);
}

/** A command that runs with an environment. */
export interface RunningCommand {
  readonly process: ForegroundProcess;
  /** Settles when its files have been removed. */
  readonly ended: Promise<ProcessResult>;
}

/** Starts a command with an environment that has been opened. */
export function startInEnvironment(
  services: DeploymentServices,
  request: RunCommandRequest,
  opened: Pick<EvaluatedEnvironment, 'root'>,
): RunningCommand {
  const { cli, redactor } = services;
  const {
    command,
    args,
    cwd,
    shell = false,
    isInteractive,
    isPristine = false,
    leadsGroup = false,
    readsInput = false,
    print,
  } = request;
  const wanted = selectNames(opened, request.only);
  const folder = new PrivateFolder();
  try {
    const { variables, omitted } = processEnvironmentOf(opened.root, () => folder, wanted);
    if (omitted.length > 0) services.reporter.note(`not known yet, left out: ${omitted.join(', ')}`);
    const base = isPristine
      ? Object.entries(cli.baseEnv).filter(([name]) => PRISTINE.test(name))
      : Object.entries(cli.baseEnv);
    const child = new ForegroundProcess({
      command,
      args,
      cwd,
      shell,
      env: { ...Object.fromEntries(base), ...variables, ...request.extra },
      terminal: isInteractive ? 'inherited' : 'redacted',
      leadsGroup,
      readsInput,
      redactor,
      output: { stdout: (chunk) => print(chunk, 'stdout'), stderr: (chunk) => print(chunk, 'stderr') },
    });
    const ended = waitFor(child, command).finally(() => folder.remove());
    ended.catch(() => undefined);
    return { process: child, ended };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

async function waitFor(child: ForegroundProcess, command: string): Promise<ProcessResult> {
  try {
    return await child.ended;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
    throw new Failure({
      class: 'tool',
      code: 'command-not-found',
      message: `the command ${JSON.stringify(command)} cannot be ${code === 'ENOENT' ? 'found' : 'executed'}`,
      hint: 'check its name and the PATH',
      exitCode: code === 'ENOENT' ? 127 : 126,
    });
  }
}

function selectNames(
  { root }: Pick<EvaluatedEnvironment, 'root'>,
  only: readonly string[] | undefined,
): (name: string) => boolean {
  if (only === undefined) return () => true;
  const names = [...environmentVariablesOf(root), ...filesOf(root)].map(({ name }) => name);
  for (const name of only) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    throw new Failure({
      class: 'config',
      code: 'key-not-found',
      message: `the environment has no variable or file ${JSON.stringify(name)}`,
      hint: nearest === undefined ? `there are: ${names.join(', ')}` : `did you mean ${nearest}?`,
    });
  }
  return (name) => only.includes(name);
}

export function exitCodeOfProcess({ code, signal }: ProcessResult): number {
  return signal === null ? code : 128 + (constants.signals[signal] ?? 0);
}
