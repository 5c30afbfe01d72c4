import { FolderOfFiles, linesOf } from '../../testing/check-files';

const STATE = JSON.stringify({
  version: 3,
  checkpoint: { latest: { resources: [{ type: 'pulumi:pulumi:Stack', outputs: { deployed: 'x', both: 'y' } }] } },
});

/** An environment that reads one output of a stack, of whose program `program` is known. */
async function findings(output: string, program: string): Promise<string[]> {
  const folder = new FolderOfFiles({
    'nx.json': '{ "plugins": ["nx-esc/plugin"] }',
    '.state/.pulumi/stacks/infra/dev.json': STATE,
    'infra/Pulumi.yaml': 'name: infra\nruntime: nodejs\n',
    'infra/index.ts': program,
    'infra/Pulumi.dev.yaml': '',
    'api/esc/dev.yaml': `values:\n  infra:\n    fn::open::pulumi-stacks:\n      stacks: { infra: { stack: infra/dev } }\n  environmentVariables:\n    X: \${infra.infra.${output}}\n`,
  });
  try {
    return linesOf(await folder.check({ env: { PULUMI_BACKEND_URL: `file://${folder.root}/.state` } }));
  } finally {
    folder.remove();
  }
}

const SAYS_NOTHING = 'export default async () => ({});\n';
const MISSING = ['api/esc/dev.yaml:6:22 error unknown-output: stack "infra/dev" has no output "typo"'];

test.each([
  ['deployed', SAYS_NOTHING, []],
  ['typo', SAYS_NOTHING, MISSING],
  ['deployed', 'export const both = 1, next = 2;\n', []],
  ['next', 'export const both = 1, next = 2;\n', []],
  ['typo', 'export const both = 1, next = 2;\n', MISSING],
])('an output "%s" of a deployed stack, whose program is %j', async (output, program, expected) => {
  expect(await findings(output, program)).toEqual(expected);
});
