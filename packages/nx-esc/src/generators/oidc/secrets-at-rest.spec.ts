import { addProjectConfiguration, logger, readJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { sealEnvelope } from 'esc-eval';
import { RECIPIENTS_FILE } from '../../encryption/recipients-file';
import { keyIdOf, packCiphertext } from '../../encryption/secret-ciphertext';
import { oidcGenerator } from './generator';

test('lets the keys open the secrets at rest of an environment that are recipients of its group', async () => {
  jest.spyOn(logger, 'info').mockReturnValue();
  const tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  addProjectConfiguration(tree, 'api', { root: 'apps/api', targets: {} });
  const KMS = 'arn:aws:kms:eu-west-1:123456789012';
  const publicKey = `age1${'q'.repeat(58)}`;
  const ciphertext = sealEnvelope(packCiphertext({ keyId: keyIdOf(publicKey), ageFile: Buffer.from('sealed') }));
  tree.write(
    RECIPIENTS_FILE,
    `recipients:
  anna: ${publicKey}
  ci: ${KMS}:key/1234abcd
  spare: ${KMS}:alias/spare
  others: ${KMS}:key/others
groups:
  live: { environments: ['*/prod'], recipients: [anna, ci, spare] }
keys:
  live: [{ public: ${publicKey}, sealed: x, for: [${publicKey}] }]
`,
  );
  tree.write('nx.json', '{ "plugins": ["nx-esc/plugin"] }');
  tree.write('apps/api/esc/prod.yaml', 'imports: [api/vault]\nvalues: {}\n');
  tree.write('apps/api/esc/vault.yaml', `values:\n  token: { 'fn::secret': { ciphertext: ${ciphertext} } }\n`);
  await oidcGenerator(tree, {
    project: 'api',
    repository: 'acme/shop',
    account: '123456789012',
    environments: ['prod'],
  });
  const OF_GROUP = { 'kms:EncryptionContext:nx-esc-group': 'live' };
  expect(readJson(tree, 'apps/api/iam/api-prod-esc-reader/policy.json').Statement).toEqual([
    {
      Sid: 'OpenSecretsAtRest',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: `${KMS}:key/*`,
      Condition: { StringEquals: { ...OF_GROUP, 'kms:RequestAlias': 'alias/spare' } },
    },
    {
      Sid: 'OpenSecretsAtRest2',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: `${KMS}:key/1234abcd`,
      Condition: { StringEquals: OF_GROUP },
    },
  ]);
  const [{ options }] = readJson(tree, 'nx.json').plugins;
  expect(options.environments['api/prod']).toMatchObject({
    region: 'eu-west-1',
    readerRole: 'arn:aws:iam::123456789012:role/api-prod-esc-reader',
  });
});
