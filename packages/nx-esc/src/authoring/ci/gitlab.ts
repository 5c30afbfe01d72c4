import { type CiPlan, GENERATED_MARK, yamlText } from './ci-plan';

/** The pipeline for GitLab: merge requests are checked and previewed, the main branch is deployed. */
export function gitlabPipeline(plan: CiPlan): string {
  const { branch, environments, nodeVersion, packages, previewed, targets } = plan;
  const corepack = packages.manager === 'npm' || packages.manager === 'bun' ? '' : '    - corepack enable\n';
  return `${GENERATED_MARK}
stages: [check, preview, ${environments.map((environment) => `'${environment}'`).join(', ')}]

default:
  image: node:${nodeVersion}
  interruptible: true
  before_script:
${corepack}    - ${packages.install}

variables:
  GIT_DEPTH: '0'
  NX_DAEMON: 'false'
  NX_TUI: 'false'

.merge-request:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    NX_BASE: $CI_MERGE_REQUEST_DIFF_BASE_SHA
    NX_HEAD: $CI_COMMIT_SHA

.identity:
  id_tokens:
    # Who the job is, exchanged for credentials that expire.
    NX_ESC_ID_TOKEN:
      aud: sts.amazonaws.com
${pulumiToken(plan)}
check:
  extends: .merge-request
  stage: check
  script:
    - ${packages.exec} nx affected -t ${targets.check} --output-style=stream

preview:
  extends: [.merge-request, .identity]
  stage: preview
  rules:
    # A fork gets no identity, so there is nothing that it could preview with.
    - if: $CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID
  script:
    - ${packages.exec} nx-esc whoami --env=${previewed}
    - ${packages.exec} nx affected -t ${targets.preview} --env=${previewed} --output-style=stream
${environments.map((environment) => deployJob(plan, environment, branch)).join('')}`;
}

/** Pulumi Cloud takes only tokens that are for the organization. */
function pulumiToken({ pushed, organization }: CiPlan): string {
  if (pushed.length === 0 || organization === undefined) return '';
  return `    NX_ESC_PULUMI_ID_TOKEN:
      aud: 'urn:pulumi:org:${organization}'
`;
}

function deployJob({ packages, targets, pushed }: CiPlan, environment: string, branch: string): string {
  const push = pushed.includes(environment)
    ? `    - ${packages.exec} nx-esc push --affected --env=${environment}\n`
    : '';
  return `
'deploy ${environment}':
  extends: .identity
  stage: '${environment}'
  environment:
    name: ${yamlText(environment)}
  # One deployment of an environment at a time, and none is cut off in the middle.
  resource_group: deploy-${environment}
  interruptible: false
  rules:
    - if: $CI_COMMIT_BRANCH == "${branch}"
  variables:
    NX_HEAD: $CI_COMMIT_SHA
  script:
    # GitLab keeps a ref of each deployment that has succeeded. What failed since the last is tried again; before the first,
    # everything is new.
    - git fetch --quiet origin "+refs/environments/${environment}/deployments/*:refs/deployments/${environment}/*"
    - NX_BASE=$(git for-each-ref --count=1 --sort=-version:refname --format="%(objectname)" refs/deployments/${environment})
    - export NX_BASE="\${NX_BASE:-$(git hash-object -t tree /dev/null)}"
    - ${packages.exec} nx-esc whoami --env=${environment}
    - ${packages.exec} nx affected -t ${targets.check} --output-style=stream
${push}    - ${packages.exec} nx affected -t ${targets.deploy} --env=${environment} --output-style=stream
`;
}
