import { type RunCommandRequest, runInEnvironment } from '../deployment/run-command';
import { watchInEnvironment } from '../deployment/watch-command';
import { Failure } from '../failures/failure';
import { createServices, startCliSession } from './cli-session';
import { type OpeningOptions, openForUser, overlayOf } from './opened-session';

export interface RunCommandOptions extends OpeningOptions {
  readonly command: readonly string[];
  readonly interactive: boolean;
  readonly watch: boolean;
  readonly pristine: boolean;
  readonly only?: readonly string[];
}

/** Runs a command in an environment and answers its exit code. */
export async function runCommand(options: RunCommandOptions): Promise<number> {
  const session = startCliSession(options.workspaceRoot, options.backend);
  try {
    const { services } = session;
    const request = createRequest(options);
    const { code } = options.watch
      ? await watchInEnvironment({
          ...request,
          ...(options.local && overlayOf(session, options)),
          leadsGroup: !options.interactive,
          createServices: () => createServices(options.workspaceRoot, services.signal, options.backend).services,
        })
      : await runInEnvironment(services, request, () => openForUser(session, options));
    return code;
  } finally {
    session.dispose();
  }
}

function createRequest(options: RunCommandOptions): RunCommandRequest {
  const { ref, command, interactive, pristine, only, watch } = options;
  const [file = '', ...args] = command[0] === '--' ? command.slice(1) : command;
  if (command[0] !== '--' && file.startsWith('-')) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: `${JSON.stringify(file)} stands where the command starts`,
      hint: `write options before the environment: nx-esc run ${file} … ${ref} -- <command>`,
    });
  }
  return {
    source: { kind: 'reference', ref },
    command: file,
    args,
    cwd: process.cwd(),
    isInteractive: interactive,
    isPristine: pristine,
    ...(only !== undefined && { only }),
    // A command that is restarted, in a group of its own, cannot have the terminal's input.
    readsInput: !watch,
    print: (chunk, stream) => process[stream].write(chunk),
  };
}
