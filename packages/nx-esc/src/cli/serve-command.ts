import { once } from 'node:events';
import { Failure } from '../failures/failure';
import { serveWorkspace } from '../service/serve-workspace';
import { describeAnswered, describeService } from '../service/describe-service';
import { cancelOnSignals } from '../workspace/cancellation';
import { ConsoleReporter } from '../workspace/console-reporter';
import { processEnvironment, processEnvironmentWithDotenv } from '../workspace/process-environment';
import { readWorkspace } from './cli-session';

export interface ServeCommandOptions {
  readonly workspaceRoot: string;
  readonly port: string;
  readonly host?: string;
  readonly allowsRemote: boolean;
  readonly store: string;
  readonly isReadOnly: boolean;
  readonly tokenFile?: string;
  readonly envFile?: string;
  readonly printEnv: boolean;
  readonly log: boolean;
}

/** Serves until a signal comes. Standard output has what is printed for a shell, and nothing else. */
export async function serveCommand(request: ServeCommandOptions): Promise<void> {
  const { workspaceRoot, port, printEnv, log, ...service } = request;
  const cancellation = cancelOnSignals();
  try {
    const reporter = new ConsoleReporter(process.stderr);
    const { options } = readWorkspace(workspaceRoot);
    const token = processEnvironment().NX_ESC_SERVE_TOKEN;
    const running = await serveWorkspace({
      workspaceRoot,
      readIndex: () => readWorkspace(workspaceRoot).index,
      options,
      env: processEnvironmentWithDotenv(workspaceRoot),
      reporter,
      ...service,
      port: readPort(port),
      ...(token !== undefined && token !== '' && { token }),
      ...(log && { onResponse: (answered) => reporter.note(describeAnswered(answered)) }),
    });
    for (const line of describeService(running, request.store)) reporter.note(line);
    if (printEnv) process.stdout.write(`${running.exports.join('\n')}\n`);
    if (!cancellation.signal.aborted) await once(cancellation.signal, 'abort');
    await running.close();
  } finally {
    cancellation.dispose();
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Failure({
    class: 'config',
    code: 'option-invalid',
    message: `${JSON.stringify(text)} is no port`,
    hint: 'ports are 0 (a free one) to 65535',
  });
}
