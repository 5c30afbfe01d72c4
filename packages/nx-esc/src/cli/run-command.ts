import { type RunCommandRequest, runInEnvironment } from '../deployment/run-command';
import { watchInEnvironment } from '../deployment/watch-command';
import { personalOverlay } from '../workspace/personal-overlay';
import { processEnvironment } from '../workspace/process-environment';
import { type CliSession, createServices, startCliSession } from './cli-session';

export interface RunCommandOptions {
  readonly workspaceRoot: string;
  readonly ref: string;
  readonly command: readonly string[];
  readonly interactive: boolean;
  readonly watch: boolean;
  readonly pristine: boolean;
  readonly only?: readonly string[];
  /** Whether a personal overlay counts. */
  readonly local: boolean;
}

/** Runs a command in an environment and answers its exit code. */
export async function runCommand(options: RunCommandOptions): Promise<number> {
  const session = startCliSession(options.workspaceRoot);
  try {
    const { services } = session;
    const request = createRequest(options, session);
    const { code } = options.watch
      ? await watchInEnvironment({
          ...request,
          leadsGroup: !options.interactive,
          createServices: () => createServices(options.workspaceRoot, services.signal).services,
        })
      : await runInEnvironment(services, request);
    return code;
  } finally {
    session.dispose();
  }
}

function createRequest(options: RunCommandOptions, { index, services }: CliSession): RunCommandRequest {
  const { ref, command, interactive, pristine, only, local, watch } = options;
  const [file = '', ...args] = command[0] === '--' ? command.slice(1) : command;
  const overlay = local ? personalOverlay(ref, index, { env: processEnvironment(), reporter: services.reporter }) : {};
  return {
    source: { kind: 'reference', ref },
    command: file,
    args,
    cwd: process.cwd(),
    isInteractive: interactive,
    isPristine: pristine,
    ...(only !== undefined && { only }),
    ...overlay,
    // A command that is restarted, in a group of its own, cannot have the terminal's input.
    readsInput: !watch,
    print: (chunk, stream) => process[stream].write(chunk),
  };
}
