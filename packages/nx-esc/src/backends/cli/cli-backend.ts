import { parseEnvironment } from 'esc-eval';
import { Failure } from '../../failures/failure';
import { type CapturedProcess, captureProcess } from '../../process/run-process';
import { findCommand, searchPulumi } from '../../pulumi/find-pulumi';
import type { PulumiCli } from '../../pulumi/pulumi-cli';
import type { Backend, BackendRequest, EnvironmentSource, EvaluatedEnvironment } from '../backend';
import { readFields, rootOfValue } from '../cloud/api-values';

export interface CliBackendOptions {
  readonly workspaceRoot: string;
  readonly organization?: string;
  readonly cli: PulumiCli;
  readonly signal: AbortSignal;
}

/** Opens environments with `pulumi env`, or with `esc` where there is no pulumi: as whoever is logged in there. */
export class CliBackend implements Backend {
  constructor(readonly options: CliBackendOptions) {}

  /** The command that is there to ask: `pulumi`, or else `esc`. */
  get command(): string | undefined {
    const { baseEnv } = this.options.cli;
    return searchPulumi(baseEnv) ?? findCommand('esc', baseEnv);
  }

  check(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return this.#evaluate(request, (ref) => ['get', ref, '--value', 'detailed']);
  }

  open(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return this.#evaluate(request, (ref) => ['open', ref, '--format', 'detailed']);
  }

  async #evaluate(
    { source }: BackendRequest,
    argumentsFor: (ref: string) => readonly string[],
  ): Promise<EvaluatedEnvironment> {
    const written = nameOf(source);
    const { organization } = this.options;
    const ref = organization !== undefined && written.split('/').length === 2 ? `${organization}/${written}` : written;
    const { code, stdout, stderr } = await this.#run(argumentsFor(ref));
    // With errors in the environment, the command prints them and nothing else, and ends as if all were well.
    const fields = code === 0 ? readFields(stdout) : undefined;
    if (fields === undefined) throw failureOfOutput(ref, stderr);
    return {
      name: written,
      root: rootOfValue(fields),
      environment: null,
      warnings: [],
      files: [],
      stacks: [],
    };
  }

  #run(args: readonly string[]): Promise<CapturedProcess> {
    const { cli, signal, workspaceRoot: cwd } = this.options;
    if (searchPulumi(cli.baseEnv) !== undefined) return cli.capture(['env', ...args], { cwd, signal });
    const esc = findCommand('esc', cli.baseEnv);
    if (esc !== undefined)
      return captureProcess({ command: esc, args: ['env', ...args], cwd, env: cli.baseEnv, signal });
    throw new Failure({
      class: 'tool',
      code: 'esc-cli-missing',
      message: 'neither pulumi nor esc can be found',
      hint: 'install pulumi: https://www.pulumi.com/docs/install/; or take the backend cloud',
    });
  }
}

/**
 * The name to open something by. A stack's list of one environment is that environment: even its own name in it is the same.
 *
 * @throws Failure config/backend-incapable
 */
function nameOf(source: EnvironmentSource): string {
  if (source.kind === 'reference') return source.ref;
  const { declaration } = parseEnvironment('', source.text);
  const [only, ...others] = declaration?.imports ?? [];
  if (only?.merge === true && others.length === 0 && declaration?.values === null) return only.name;
  throw new Failure({
    class: 'config',
    code: 'backend-incapable',
    message: 'pulumi env opens one environment, by its name, and the stack has more',
    hint: 'name one environment that imports the others, or take the backend cloud or local',
    location: { file: source.file },
  });
}

/** What the first command with a token says. */
const SIGNED_IN = 'Logging in using access token';

function failureOfOutput(ref: string, stderr: string): Failure {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith(SIGNED_IN));
  // `get` does not tell what is wrong with a definition; `open` does.
  const fallback = `it has errors; pulumi env open ${ref} shows them`;
  const said = (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? fallback).replace(/^error: /i, '');
  const details = lines.filter((line) => !line.endsWith(said));
  if (/log ?in|access token|unauthorized|\[401\]/i.test(lines.join('\n'))) {
    return new Failure({
      class: 'identity',
      code: 'pulumi-login-missing',
      message: `pulumi env cannot open ${ref}: ${said}`,
      hint: 'pulumi login, or set PULUMI_ACCESS_TOKEN',
      details,
    });
  }
  if (/\[404\]|not found/i.test(said)) {
    return new Failure({
      class: 'config',
      code: 'environment-not-found',
      message: `there is no environment ${ref}: ${said}`,
      hint: 'pulumi env ls shows those there are',
      details,
    });
  }
  return new Failure({
    class: 'config',
    code: 'environment-invalid',
    message: `pulumi env cannot open ${ref}: ${said}`,
    hint: 'mend it: pulumi env edit',
    details,
  });
}
