import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

const KEYS = { accessKeyId: 'seed', secretAccessKey: 'seed' };

/** Puts secrets, parameters and empty buckets into moto. A secret that is a Buffer is a binary one. */
export async function seed(endpoint, { region, secrets = {}, parameters = [], buckets = [] }) {
  const options = { endpoint, region, credentials: KEYS };
  const secretsManager = new SecretsManagerClient(options);
  const ssm = new SSMClient(options);
  for (const [Name, value] of Object.entries(secrets)) {
    const content = typeof value === 'string' ? { SecretString: value } : { SecretBinary: value };
    await secretsManager.send(new CreateSecretCommand({ Name, ...content }));
  }
  for (const bucket of buckets) await fetch(`${endpoint}/${bucket}`, { method: 'PUT' });
  for (const parameter of parameters) await ssm.send(new PutParameterCommand({ Type: 'String', ...parameter }));
}
