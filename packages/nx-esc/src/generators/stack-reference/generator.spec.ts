import { addProjectConfiguration, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { environmentGenerator } from '../environment/generator';
import { stackGenerator } from '../stack/generator';
import { stackReferenceGenerator } from './generator';

let tree: Tree;

beforeEach(async () => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: {} });
  tree.write('infra/Pulumi.yaml', 'name: infra\nruntime: nodejs\n');
  tree.write('infra/Pulumi.staging.yaml', '');
  tree.write('infra/index.ts', 'export const url = "u"; export const queueUrl = "q";\n');
  await environmentGenerator(tree, { project: 'api' });
});

const text = (file: string): string => tree.read(file, 'utf8') ?? '';

test('adds a stack to the environments that are deployed, with variables for its outputs', async () => {
  await stackReferenceGenerator(tree, { project: 'api', stack: 'infra' });
  for (const environment of ['staging', 'prod']) {
    expect(text(`apps/api/esc/${environment}.yaml`)).toContain(`    API_URL: \${urls.api}
    PORT: \${port}
    URL: \${infra.infra.url}
    QUEUE_URL: \${infra.infra.queueUrl}
  infra:
    fn::open::pulumi-stacks:
      stacks:
        infra: { stack: infra/${environment} }
`);
  }
  expect(text('apps/api/esc/dev.yaml')).not.toContain('pulumi-stacks');
});

test('changes nothing when it is run again, and names apart what another stack has too', async () => {
  await stackReferenceGenerator(tree, { project: 'api', stack: 'infra' });
  const before = text('apps/api/esc/prod.yaml');
  await stackReferenceGenerator(tree, { project: 'api', stack: 'infra' });
  expect(text('apps/api/esc/prod.yaml')).toBe(before);

  await stackReferenceGenerator(tree, { project: 'api', stack: 'other=infra/shared', outputs: ['url=OTHER_URL'] });
  expect(text('apps/api/esc/prod.yaml')).toContain('        other: { stack: infra/shared }\n');
  expect(text('apps/api/esc/prod.yaml')).toContain('    OTHER_URL: ${infra.other.url}\n');
  await expect(
    stackReferenceGenerator(tree, { project: 'api', stack: 'other=infra/shared', outputs: ['url'] }),
  ).rejects.toThrow('URL is taken');
});

test('adds a module with typed outputs to the program', async () => {
  await stackGenerator(tree, { project: 'api' });
  await stackReferenceGenerator(tree, { project: 'api', stack: 'infra', to: 'program' });
  expect(text('apps/api/stack/infra-stack.ts'))
    .toBe(`import { getOrganization, getStack, StackReference, type Output } from '@pulumi/pulumi';

/** The outputs of the stack infra. */
export type InfraOutput = 'url' | 'queueUrl';

const reference = new StackReference(\`\${getOrganization()}/infra/\${getStack()}\`);

/** An output of the stack; the deployment fails if the stack does not have it. */
export function infraOutput<T = string>(name: InfraOutput): Output<T> {
  return reference.requireOutput(name) as Output<T>;
}
`);
});

test.each([
  [
    { stack: 'infra', environments: ['qa'] },
    /environment-not-found: api has no environment qa\n.*base, dev, prod, staging/,
  ],
  [{ stack: 'infra', to: 'program' as const }, /project-file-missing: api has no Pulumi program/],
  [{ stack: '../infra' }, /option-invalid: --stack/],
  [{}, /option-invalid: --stack/],
])('refuses %j, and leaves the tree alone', async (options, message) => {
  const before = tree.listChanges().length;
  await expect(stackReferenceGenerator(tree, { project: 'api', ...options })).rejects.toThrow(message);
  expect(tree.listChanges()).toHaveLength(before);
});
