import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCRIPTS, type TestWorkspace } from './test-workspace';

/** What a test reads of a workflow of GitHub Actions. */
export interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

interface WorkflowJob {
  readonly steps: readonly WorkflowStep[];
}

interface WorkflowStep {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface StepResult {
  readonly name: string;
  readonly code: number;
  readonly output: string;
}

/** The commands of a workspace of tests, as `npx` runs them in an installed one. */
const NPX = `#!/bin/sh
command=$1
shift
case $command in
${Object.entries(SCRIPTS)
  .map(([name, script]) => `  ${name}) exec '${process.execPath}' '${script}' "$@" ;;`)
  .join('\n')}
  *) exit 127 ;;
esac
`;

/** What a job of a CI would run, run here: its scripts in the shell that the CI gives them, with its variables. */
export class PipelineJob {
  constructor(
    readonly workspace: TestWorkspace,
    /** A folder for what a runner keeps out of the checkout, and with the commands of `bin/` on the PATH. */
    readonly temporary: string,
    readonly variables: NodeJS.ProcessEnv,
  ) {
    mkdirSync(join(temporary, 'bin'), { recursive: true });
    writeFileSync(join(temporary, 'bin', 'npx'), NPX, { mode: 0o755 });
  }

  /**
   * Runs the steps of a job of GitHub Actions, but for actions and the installation of packages, until one fails.
   * `expressions` are the values of `${{ … }}` in the variables of its steps.
   */
  github(
    { env, jobs }: Workflow,
    jobName: string,
    expressions: Readonly<Record<string, string>> = {},
    isWanted: (step: WorkflowStep) => boolean = () => true,
  ): { readonly steps: readonly StepResult[]; readonly outputs: Readonly<Record<string, string>> } {
    const outputFile = join(this.temporary, 'github-output');
    writeFileSync(outputFile, '');
    const runner: NodeJS.ProcessEnv = {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: outputFile,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_STEP_SUMMARY: join(this.temporary, 'github-step-summary'),
      GITHUB_WORKSPACE: this.workspace.root,
      RUNNER_TEMP: this.temporary,
    };
    const steps: StepResult[] = [];
    for (const step of jobs[jobName]?.steps ?? []) {
      if (step.run === undefined || step.run === 'npm ci' || !isWanted(step)) continue;
      const own = withValues({ ...env, ...step.env }, expressions);
      const options = step.shell === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
      const result = this.#run(step.name ?? step.run, options, step.run, { ...runner, ...own });
      steps.push(result);
      if (result.code !== 0) break;
    }
    return { steps, outputs: parseOutputs(readFileSync(outputFile, 'utf8')) };
  }

  /** Runs the script of a job of GitLab CI, until a line fails. */
  gitlab(script: readonly string[], variables: NodeJS.ProcessEnv): StepResult {
    return this.#run('script', ['-eo', 'pipefail'], script.join('\n'), { CI: 'true', GITLAB_CI: 'true', ...variables });
  }

  #run(name: string, options: readonly string[], script: string, variables: NodeJS.ProcessEnv): StepResult {
    const file = join(this.temporary, 'script.sh');
    writeFileSync(file, script);
    const { status, stdout, stderr } = spawnSync('bash', [...options, file], {
      cwd: this.workspace.root,
      encoding: 'utf8',
      env: {
        ...this.workspace.env,
        ...this.variables,
        ...variables,
        PATH: `${join(this.temporary, 'bin')}:${process.env.PATH ?? ''}`,
      },
    });
    return { name, code: status ?? 1, output: `${stdout}${stderr}` };
  }
}

function withValues(
  variables: Readonly<Record<string, string>>,
  expressions: Readonly<Record<string, string>>,
): Record<string, string> {
  const value = (_: string, expression: string): string => {
    const found = expressions[expression];
    if (found === undefined) throw new Error(`the test gives no value to ${expression}`);
    return found;
  };
  return Object.fromEntries(
    Object.entries(variables).map(([name, text]) => [name, text.replaceAll(/\$\{\{ (.+?) \}\}/g, value)]),
  );
}

function parseOutputs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}
