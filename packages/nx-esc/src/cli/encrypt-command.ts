import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { Git } from '../workspace/git';
import { describeLocation } from '../failures/describe-failure';
import { Failure } from '../failures/failure';
import { environmentFiles } from '../workspace/environment-file';
import { decryptFileInPlace, decryptText, encryptFile, listSecrets } from '../workspace/environment-secrets';
import { processEnvironment } from '../workspace/process-environment';
import { readFileOrFail } from './ask';
import { type SecretsSession, withSecrets } from './secrets-session';

export interface EncryptCommandOptions {
  readonly workspaceRoot: string;
  /** Environments or their files; all of the workspace unless given. */
  readonly refs: readonly string[];
}

/** Encrypts what stands in plain text in the files of environments. */
export async function encryptCommand({ workspaceRoot, refs }: EncryptCommandOptions): Promise<void> {
  await withSecrets(workspaceRoot, async (session) => {
    const environments = refs.length > 0 ? refs.map((ref) => session.find(ref)) : environmentFiles(session.index);
    for (const environment of environments) {
      const secrets = listSecrets(environment.file, readFileSync(environment.file, 'utf8'));
      const count = secrets.filter(({ isEncrypted }) => !isEncrypted).length;
      if (count === 0) continue;
      await encryptFile(session, environment);
      console.error(`✓ ${environment.name}: ${count} encrypted`);
    }
  });
}

/**
 * Refuses secrets in plain text: in files as they are, or as the next commit will have them.
 *
 * @throws Failure config/plaintext-secret
 */
export async function encryptCheckCommand({
  workspaceRoot,
  refs,
  staged,
}: EncryptCommandOptions & { readonly staged: boolean }): Promise<void> {
  await withSecrets(workspaceRoot, async (session) => {
    const texts = staged ? await stagedTexts(session) : textsOf(session, refs);
    const found = [...texts].flatMap(([file, text]) =>
      listSecrets(file, text)
        .filter(({ isEncrypted }) => !isEncrypted)
        .map((secret) => ({ ...secret, file })),
    );
    const [first, ...more] = found;
    if (first === undefined) return;
    throw new Failure({
      class: 'config',
      code: 'plaintext-secret',
      message: `the secret ${first.path} is in plain text${more.length === 0 ? '' : ` (and ${more.length} more)`}`,
      hint: `nx-esc encrypt ${[...new Set(found.map(({ file }) => relative(workspaceRoot, file)))].join(' ')}${staged ? ', then git add' : ''}`,
      location: first,
      details: more.map((secret) => `${describeLocation(secret, workspaceRoot)}: ${secret.path}`),
    });
  });
}

/** Prints an environment with its secrets decrypted, or decrypts its file where it stands. */
export async function decryptCommand({
  workspaceRoot,
  ref,
  inPlace,
  yes,
}: {
  readonly workspaceRoot: string;
  readonly ref: string;
  readonly inPlace: boolean;
  readonly yes: boolean;
}): Promise<void> {
  if (inPlace && !yes) {
    throw new Failure({
      class: 'config',
      code: 'option-invalid',
      message: '--in-place leaves secrets in plain text on the disk',
      hint: 'add --yes if you want that; nx-esc secret edit does without',
    });
  }
  await withSecrets(workspaceRoot, async ({ find, keyring }) => {
    if (!inPlace) {
      // What git shows of an older commit is in a file that is no environment of the workspace.
      const file = FILE.test(ref) ? resolve(ref) : find(ref).file;
      process.stdout.write(await decryptText(keyring, file, readFileOrFail(file)));
      return;
    }
    const environment = find(ref);
    await decryptFileInPlace(keyring, environment);
    console.error(`✓ ${environment.name} is in plain text: do not commit it (nx-esc encrypt ${ref})`);
  });
}

function textsOf({ index, find }: SecretsSession, refs: readonly string[]): Map<string, string> {
  const files = refs.map((ref) => (FILE.test(ref) ? resolve(ref) : find(ref).file));
  const all = refs.length > 0 ? files : environmentFiles(index).map(({ file }) => file);
  return new Map(all.map((file) => [file, readFileOrFail(file)]));
}

const FILE = /\.ya?ml$/;

/** Files that hold environments, or the `environment:` of a stack. */
const ENVIRONMENT_FILE = /(?:^|\/)(?:esc\/[^/]+|Pulumi\.[^/]+)\.ya?ml$/;

async function stagedTexts({ workspaceRoot, signal }: SecretsSession): Promise<Map<string, string>> {
  const git = new Git(workspaceRoot, processEnvironment(), signal);
  const files = (await git.stagedFiles()).filter((file) => ENVIRONMENT_FILE.test(file));
  const contents = await git.readFiles('', files);
  return new Map([...contents].map(([file, content]) => [resolve(workspaceRoot, file), content.toString('utf8')]));
}
