import { type CiPlan, yamlText } from './ci-plan';

/** Actions by commit: a tag can be moved. */
const CHECKOUT = 'actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0';
const SETUP_NODE = 'actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0';
const SET_SHAS = 'nrwl/nx-set-shas@3e9ad7370203c1e93d109be57f3b72eb0eb511b1 # v4.4.0';

/**
 * What every job runs first. The whole history is there, with its files, since changes are looked for in it; no credential
 * stays with which missing ones could be fetched.
 */
export function setUpSteps({ nodeVersion, packages }: CiPlan): string {
  const corepack = packages.manager === 'npm' || packages.manager === 'bun' ? '' : '      - run: corepack enable\n';
  const bun = packages.manager === 'bun' ? '      - run: npm install --global bun\n' : '';
  return `      - uses: ${CHECKOUT}
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: ${SETUP_NODE}
        with:
          node-version: '${nodeVersion}'
          package-manager-cache: false
${corepack}${bun}      - run: ${packages.install}
`;
}

/** Sets NX_BASE to the last commit that this workflow has deployed, so that what failed is tried again. */
export function setShasStep({ branch }: CiPlan): string {
  return `      - uses: ${SET_SHAS}
        with:
          main-branch-name: ${yamlText(branch)}
`;
}

/** Who the job is, and what is written: two steps, so that they fail apart from each other and from the deployment. */
export function checkSteps({ packages: { exec }, targets }: CiPlan, environment: string): string {
  return `      - name: Identity
        run: ${exec} nx-esc whoami --env=${environment}
      - name: Configuration
        run: ${exec} nx affected -t ${targets.check} --output-style=stream
`;
}

/** Brings the environments in Pulumi Cloud to the files that were merged; none where files are all there is. */
export function pushSteps({ packages: { exec }, pushed }: CiPlan, environment: string): string {
  if (!pushed.includes(environment)) return '';
  return `      - name: Environments
        run: ${exec} nx-esc push --affected --env=${environment}
`;
}

/** The variables that every job of a workflow has. */
export const JOB_ENVIRONMENT = `env:
  NX_DAEMON: 'false'
  NX_TUI: 'false'
`;

/** The id of a job: letters, digits, "-" and "_". */
export function jobId(...parts: readonly (string | number)[]): string {
  const id = parts.join('-').replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return /^[A-Za-z_]/.test(id) ? id : `_${id}`;
}
