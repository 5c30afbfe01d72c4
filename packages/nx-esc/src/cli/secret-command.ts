import { readFileSync } from 'node:fs';
import { Failure } from '../failures/failure';
import { getSecret, listSecrets, removeSecret, setSecret } from '../workspace/environment-secrets';
import { readSecretPath } from '../workspace/read-path';
import { readSecretValue } from './ask';
import { withSecrets } from './secrets-session';

export interface SecretCommandOptions {
  readonly workspaceRoot: string;
  readonly ref: string;
  readonly path: string;
}

/** Encrypts a value from standard input, a file or the terminal, and writes it to a path of an environment. */
export async function secretSetCommand({
  workspaceRoot,
  ref,
  path,
  file,
}: SecretCommandOptions & { readonly file?: string }): Promise<void> {
  const segments = readSecretPath(path);
  await withSecrets(workspaceRoot, async (session) => {
    const environment = session.find(ref);
    const value = await readSecretValue(`Value of ${path} in ${environment.name}: `, file);
    if (value === '') {
      throw new Failure({
        class: 'config',
        code: 'option-invalid',
        message: 'the value is empty',
        hint: 'give it on standard input, or with --file',
      });
    }
    await setSecret(session, environment, segments, value);
    console.error(`✓ ${path} of ${environment.name} is encrypted`);
  });
}

/** Prints one secret; a line break follows it on a terminal alone. */
export async function secretGetCommand({ workspaceRoot, ref, path }: SecretCommandOptions): Promise<void> {
  const segments = readSecretPath(path);
  await withSecrets(workspaceRoot, async ({ find, keyring }) => {
    const value = await getSecret(keyring, find(ref), segments);
    process.stdout.write(process.stdout.isTTY ? `${value}\n` : value);
  });
}

export async function secretRemoveCommand({ workspaceRoot, ref, path }: SecretCommandOptions): Promise<void> {
  const segments = readSecretPath(path);
  await withSecrets(workspaceRoot, async ({ find }) => {
    const environment = find(ref);
    await removeSecret(environment, segments);
    console.error(`✓ ${path} is removed from ${environment.name}; the history of the repository still holds it`);
  });
}

/** Lists the secrets of an environment by their paths, and how each is kept. Opens nothing. */
export async function secretListCommand({ workspaceRoot, ref }: Omit<SecretCommandOptions, 'path'>): Promise<void> {
  await withSecrets(workspaceRoot, async ({ find, keyring }) => {
    const { name, file } = find(ref);
    const recipients = await keyring.recipients();
    const current = recipients.currentKeyOf(recipients.groupOf(name))?.id;
    for (const { path, isEncrypted, keyId } of listSecrets(file, readFileSync(file, 'utf8'))) {
      const key = keyId === undefined ? undefined : recipients.keyOf(keyId);
      const kept = !isEncrypted
        ? 'PLAIN TEXT: nx-esc encrypt'
        : keyId === undefined
          ? 'encrypted elsewhere'
          : key === undefined
            ? `key ${keyId} is unknown`
            : keyId === current
              ? `group ${key.group}`
              : `group ${key.group}, old key: nx-esc rekey`;
      console.log(`${path}\t${kept}`);
    }
  });
}
