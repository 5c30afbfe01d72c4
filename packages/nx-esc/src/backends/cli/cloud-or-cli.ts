import { Failure } from '../../failures/failure';
import type { Backend, BackendRequest, EvaluatedEnvironment } from '../backend';
import type { CliBackend } from './cli-backend';

export interface CloudOrCliOptions {
  readonly cloud: Backend;
  /** Asks the same service as `cloud`. */
  readonly cli: CliBackend;
  readonly onNote: (text: string) => void;
}

/**
 * Asks the service; where nobody is logged in there that can be seen, a command that is installed and may know who is: a
 * wrapper of `pulumi` that fetches its token from a password manager, for example.
 */
export class CloudOrCli implements Backend {
  #isCommandTaken = false;

  constructor(readonly options: CloudOrCliOptions) {}

  check(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return this.#ask((backend) => backend.check(request));
  }

  open(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return this.#ask((backend) => backend.open(request));
  }

  async #ask(evaluate: (backend: Backend) => Promise<EvaluatedEnvironment>): Promise<EvaluatedEnvironment> {
    const { cloud, cli } = this.options;
    if (this.#isCommandTaken) return evaluate(cli);
    try {
      return await evaluate(cloud);
    } catch (error) {
      const { command } = cli;
      if (!isLoginMissing(error) || command === undefined) throw error;
      let isAnswered = true;
      try {
        return await evaluate(cli);
      } catch (fault) {
        isAnswered = !isLoginMissing(fault) && !isIncapable(fault);
        throw isAnswered ? fault : error;
      } finally {
        if (isAnswered) this.#takeCommand(command, error);
      }
    }
  }

  #takeCommand(command: string, { message }: Failure): void {
    if (this.#isCommandTaken) return;
    this.#isCommandTaken = true;
    this.options.onNote(`${message} as far as nx-esc can see: ${command} env is asked instead`);
  }
}

function isLoginMissing(error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'pulumi-login-missing';
}

function isIncapable(error: unknown): boolean {
  return error instanceof Failure && error.code === 'backend-incapable';
}
