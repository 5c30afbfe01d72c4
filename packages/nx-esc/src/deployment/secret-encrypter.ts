import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Failure } from '../failures/failure';
import type { Environment } from '../pulumi/environment';
import { readPassphrase } from '../pulumi/environment';
import { PassphraseCrypter, PassphraseError } from '../pulumi/passphrase-crypter';
import type { PulumiCli } from '../pulumi/pulumi-cli';

/** Encrypts values for a stack's configuration, before they touch the disk. */
export type SecretEncrypter = (plaintext: string) => Promise<string>;

/**
 * Encrypts with the passphrase that a stack's secrets are encrypted with.
 *
 * @throws Failure secrets/secret-decrypt-failed where it is not the stack's passphrase
 */
export function createPassphraseEncrypter(salt: string, env: Environment): SecretEncrypter {
  return async (plaintext) => {
    try {
      return (await PassphraseCrypter.create(readPassphrase(env) ?? '', salt)).encrypt(plaintext);
    } catch (error) {
      if (!(error instanceof PassphraseError)) throw error;
      throw new Failure({
        class: 'secrets',
        code: 'secret-decrypt-failed',
        message: `the stack's secrets cannot be encrypted: ${error.message}`,
        hint: 'set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of the stack',
      });
    }
  };
}

export interface PulumiEncrypterOptions {
  readonly cli: PulumiCli;
  readonly cwd: string;
  readonly stack: string;
  /** A private copy of the stack's file; the values are encrypted into it and read from it. */
  readonly configFile: string;
  readonly signal: AbortSignal;
}

const SCRATCH_KEY = 'nx-esc:value';

/** Has `pulumi` encrypt, with whatever secrets provider the stack uses. The value goes through standard input. */
export function createPulumiEncrypter(options: PulumiEncrypterOptions): SecretEncrypter {
  const { cli, cwd, stack, configFile, signal } = options;
  let last: Promise<unknown> = Promise.resolve();
  const encrypt = async (plaintext: string): Promise<string> => {
    const args = ['config', 'set', SCRATCH_KEY, '--secret', '--stack', stack, '--config-file', configFile];
    const { code, stderr } = await cli.capture(args, { cwd, signal, input: plaintext });
    if (code !== 0) {
      throw new Failure({
        class: 'secrets',
        code: 'secret-encrypt-failed',
        message: `the stack's secrets provider refused: ${stderr.trim().split('\n').at(-1) ?? ''}`,
        hint: 'check that you may use the secrets provider of the stack ("pulumi stack change-secrets-provider" shows how to set it)',
      });
    }
    const { config } = parse(readFileSync(configFile, 'utf8')) as { config: Record<string, { secure: string }> };
    return (config[SCRATCH_KEY] as { secure: string }).secure;
  };
  // One at a time: each call rewrites the file.
  return (plaintext) => {
    const encrypting = last.then(() => encrypt(plaintext));
    last = encrypting.catch(() => undefined);
    return encrypting;
  };
}
