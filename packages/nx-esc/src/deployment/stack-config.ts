import { writeFileSync } from 'node:fs';
import { type ExportedValue, pulumiConfigOf } from 'esc-eval';
import type { PrivateFolder } from '../process/private-folder';
import { readPassphrase } from '../pulumi/environment';
import { readStateFile, UNREADABLE } from '../pulumi/state-file';
import { encryptionSaltOf, renderConfigFile } from './config-file';
import type { DeploymentServices, StackTarget } from './deployment';
import { createPassphraseEncrypter, createPulumiEncrypter, type SecretEncrypter } from './secret-encrypter';
import type { StackFile } from './stack-file';

export interface StackConfigRequest {
  readonly services: DeploymentServices;
  readonly target: StackTarget;
  readonly stackFile: StackFile;
  readonly root: ExportedValue | undefined;
  readonly folder: PrivateFolder;
}

/**
 * Writes the configuration file that pulumi is given, in a private folder; undefined where the user's own file will do.
 */
export async function writeStackConfig(request: StackConfigRequest): Promise<string | undefined> {
  const { target, stackFile, root, folder } = request;
  const hasConfig = root !== undefined && pulumiConfigOf(root, target.projectName).size > 0;
  if (stackFile.environment === undefined && !hasConfig) return undefined;
  const text = await renderConfigFile({
    stackFile,
    root,
    projectName: target.projectName,
    encrypt: createEncrypter(request),
  });
  return folder.write(`Pulumi.${target.stack}.yaml`, text);
}

function createEncrypter({ services, target, stackFile, folder }: StackConfigRequest): SecretEncrypter {
  const salt = encryptionSaltOf(stackFile);
  const { cli, signal } = services;
  if (salt !== undefined && readPassphrase(cli.baseEnv) !== undefined)
    return createPassphraseEncrypter(salt, cli.baseEnv);
  let encrypter: SecretEncrypter | undefined;
  return async (plaintext) => {
    encrypter ??= createPulumiEncrypter({
      cli,
      cwd: target.folder,
      stack: target.stack,
      configFile: folder.write('scratch.yaml', await copyWithoutEnvironment(stackFile, target)),
      signal,
    });
    return encrypter(plaintext);
  };
}

function copyWithoutEnvironment(stackFile: StackFile, target: StackTarget): Promise<string> {
  const encrypt: SecretEncrypter = () => Promise.reject(new Error('nothing to encrypt'));
  return renderConfigFile({ stackFile, root: undefined, projectName: target.projectName, encrypt });
}

/**
 * Gives a stack file the salt that the stack's state is encrypted with, where it lacks one: pulumi would make a new one,
 * and secrets would be encrypted with two.
 */
export async function adoptStateSalt(
  stackFile: StackFile,
  target: StackTarget,
  stateFolder: string | undefined,
): Promise<void> {
  if (stateFolder === undefined || encryptionSaltOf(stackFile) !== undefined) return;
  if (stackFile.document.get('secretsprovider') !== undefined) return;
  const state = await readStateFile(stateFolder, { project: target.projectName, stack: target.stack });
  if (state === undefined || state === UNREADABLE || state.passphraseSalt === undefined) return;
  stackFile.document.set('encryptionsalt', state.passphraseSalt);
  writeFileSync(stackFile.file, stackFile.document.toString());
}
