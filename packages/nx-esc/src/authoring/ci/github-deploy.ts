import { type CiPlan, GENERATED_MARK, yamlText } from './ci-plan';
import { checkSteps, JOB_ENVIRONMENT, jobId, pushSteps, setShasStep, setUpSteps } from './github-steps';

/** The workflow that deploys what has changed on the main branch, to one environment after another. */
export function githubDeployWorkflow(plan: CiPlan): string {
  const jobs = plan.environments.map((environment, index) => {
    const before = plan.environments[index - 1];
    return plan.distribution === 'matrix' ? waveJobs(plan, environment, before) : deployJob(plan, environment, before);
  });
  return `${GENERATED_MARK}
name: deploy
on:
  push:
    branches: [${yamlText(plan.branch)}]
permissions: {}
${JOB_ENVIRONMENT}jobs:
${jobs.join('')}`;
}

/** What an agent asks the CI for a token with; it deploys as the job that it works for. */
const IDENTITY_VARIABLES = [
  'GITHUB_ACTIONS',
  'GITHUB_RUN_ID',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
].join();

/** Everything that a change reaches, by one runner, or by what it hands the tasks to; Nx puts it in order. */
function deployJob(plan: CiPlan, environment: string, before: string | undefined): string {
  const { packages, targets, distribution } = plan;
  const agents =
    distribution === 'nx-agents'
      ? `      - name: Nx Agents
        run: ${packages.exec} nx start-ci-run --distribute-on="3 linux-medium-js" --stop-agents-after=${targets.deploy} --with-env-vars="${IDENTITY_VARIABLES}"
`
      : '';
  return `${jobHead(plan, {
    id: jobId(environment),
    environment,
    needs: before === undefined ? [] : [jobId(before)],
    group: `deploy-${environment}`,
  })}
    steps:
${setUpSteps(plan)}${setShasStep(plan)}${checkSteps(plan, environment)}${pushSteps(plan, environment)}${agents}      - name: Deploy
        run: ${packages.exec} nx affected -t ${targets.deploy} --env=${environment} --output-style=stream
`;
}

/** A job that plans, and a matrix for each wave: the stacks of a wave need only those of earlier ones. */
function waveJobs(plan: CiPlan, environment: string, before: string | undefined): string {
  const { packages, targets, waves } = plan;
  const planId = jobId('plan', environment);
  const wavesOf = (name: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => jobId(name, index + 1));
  const head = {
    id: planId,
    // A wave with nothing to do is skipped, and what comes after it is not.
    ...(before !== undefined && { condition: '!cancelled() && !failure()' }),
    needs: before === undefined ? [] : wavesOf(before, waves),
    title: `Plan ${environment}`,
    group: planId,
    isPlanning: true,
    // Environments are pushed by a job of the environment.
    ...(plan.pushed.includes(environment) && { environment }),
  };
  const planned = `${jobHead(plan, head)}
    outputs:
      waves: \${{ steps.plan.outputs.waves }}
    steps:
${setUpSteps(plan)}${setShasStep(plan)}      - name: Configuration
        run: ${packages.exec} nx-esc check
${pushSteps(plan, environment)}      - id: plan
        name: Plan
        # It ends with a command that fails, which the default shell does not.
        shell: bash
        run: |
          waves=$(${packages.exec} nx-esc graph --env=${environment} --format waves --affected | jq -sc .)
          echo "waves=$waves" >> "$GITHUB_OUTPUT"
`;
  const deployed = Array.from({ length: waves }, (_, wave) => {
    return `${jobHead(plan, {
      id: jobId(environment, wave + 1),
      environment,
      needs: [planId, ...wavesOf(environment, wave)],
      title: `Deploy to ${environment}, wave ${wave + 1} (\${{ matrix.stack }})`,
      condition: `!cancelled() && !failure() && fromJSON(needs.${planId}.outputs.waves)[${wave}] != null`,
      group: `deploy-${environment}-\${{ matrix.stack }}`,
    })}
    strategy:
      fail-fast: false
      matrix:
        include: \${{ fromJSON(needs.${planId}.outputs.waves)[${wave}].include }}
    steps:
${setUpSteps(plan)}      - name: Identity
        run: ${packages.exec} nx-esc whoami "$PROJECT" --env=${environment}
        env:
          PROJECT: \${{ matrix.project }}
      - name: Deploy
        run: ${packages.exec} nx run "$PROJECT:${targets.deploy}" --env=${environment} --excludeTaskDependencies
        env:
          PROJECT: \${{ matrix.project }}
`;
  });
  return [planned, ...deployed].join('');
}

interface JobHead {
  readonly id: string;
  readonly needs: readonly string[];
  readonly title?: string;
  /** The environment that the job deploys to; its protection rules then hold, and its name is in the job's subject. */
  readonly environment?: string;
  readonly condition?: string;
  readonly group: string;
  readonly isPlanning?: boolean;
}

function jobHead({ distribution }: CiPlan, head: JobHead): string {
  const { id, needs, title, environment, condition, group, isPlanning = false } = head;
  const lines = [
    `  ${id}:`,
    `    name: ${title ?? `Deploy to ${environment}`}`,
    ...(needs.length === 0 ? [] : [`    needs: [${needs.join(', ')}]`]),
    ...(condition === undefined ? [] : [`    if: \${{ ${condition} }}`]),
    '    runs-on: ubuntu-24.04',
    `    timeout-minutes: ${isPlanning ? 15 : 60}`,
    ...(environment === undefined ? [] : [`    environment: ${yamlText(environment)}`]),
    '    # One at a time, and none is cut off in the middle.',
    '    concurrency:',
    `      group: ${group}`,
    '      cancel-in-progress: false',
    '    permissions:',
    '      contents: read',
    ...(environment === undefined
      ? []
      : ['      id-token: write # who the job is, exchanged for credentials that expire']),
    ...(isPlanning || distribution !== 'matrix' ? ['      actions: read # the last run that succeeded'] : []),
  ];
  return lines.join('\n');
}
