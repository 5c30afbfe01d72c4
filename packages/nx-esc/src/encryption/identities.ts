import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failures/failure';
import type { Environment } from '../pulumi/environment';
import { loadAge } from './age';

export type AskPassphrase = (question: string) => Promise<string>;

/** A private key of the one who runs this process. */
export interface PrivateKey {
  readonly identity: string;
  readonly publicKey: string;
}

/** Finds the private keys of the one who runs this process. Each passphrase is derived once. */
export class Identities {
  #keys: Promise<readonly PrivateKey[]> | undefined;
  #passphrase: Promise<string | undefined> | undefined;
  readonly #unlocked = new Map<string, Promise<PrivateKey>>();

  constructor(
    readonly env: Environment,
    readonly askPassphrase?: AskPassphrase,
  ) {}

  /**
   * The private keys at hand: of NX_ESC_AGE_KEY, of the file NX_ESC_AGE_KEY_FILE, or of the user's own key file.
   *
   * @throws Failure secrets/key-file-exposed, secrets/key-file-invalid
   */
  keys(): Promise<readonly PrivateKey[]> {
    return (this.#keys ??= this.#read());
  }

  async #read(): Promise<readonly PrivateKey[]> {
    const { NX_ESC_AGE_KEY: key, NX_ESC_AGE_KEY_FILE: file } = this.env;
    if (key) return this.#parse(key, 'NX_ESC_AGE_KEY');
    if (file) return this.#parse(await readPrivateFile(file), file);
    const own = keyFileOf(this.env);
    try {
      return await this.#parse(await readPrivateFile(own), own);
    } catch (error) {
      if (error instanceof Failure && error.code === 'key-file-missing') return [];
      throw error;
    }
  }

  async #parse(text: string, origin: string): Promise<readonly PrivateKey[]> {
    if (text.trimStart().startsWith('-----BEGIN AGE')) return [await this.unlock(text, origin)];
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
    if (identities.length === 0) throw invalidKey(origin);
    return Promise.all(identities.map((identity) => withPublicKey(identity, origin)));
  }

  /**
   * Opens a private key that is encrypted with a passphrase: NX_ESC_PASSPHRASE, NX_ESC_PASSPHRASE_FILE, or asked for.
   *
   * @throws Failure secrets/passphrase-missing, secrets/secret-decrypt-failed
   */
  unlock(armored: string, origin: string): Promise<PrivateKey> {
    const id = armored.trim();
    let unlocking = this.#unlocked.get(id);
    if (unlocking === undefined) this.#unlocked.set(id, (unlocking = this.#unlock(id, origin)));
    return unlocking;
  }

  async #unlock(armored: string, origin: string): Promise<PrivateKey> {
    const passphrase = await this.passphrase(`Passphrase of ${origin}: `);
    if (passphrase === undefined) {
      throw new Failure({
        class: 'secrets',
        code: 'passphrase-missing',
        message: `the private key of ${origin} needs a passphrase`,
        hint: 'set NX_ESC_PASSPHRASE_FILE to a file of mode 0600, or NX_ESC_PASSPHRASE',
      });
    }
    const age = await loadAge();
    const decrypter = new age.Decrypter();
    decrypter.addPassphrase(passphrase);
    try {
      return await withPublicKey((await decrypter.decrypt(age.armor.decode(armored), 'text')).trim(), origin);
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw new Failure({
        class: 'secrets',
        code: 'secret-decrypt-failed',
        message: `the passphrase does not open the private key of ${origin}`,
        hint: 'see NX_ESC_PASSPHRASE and NX_ESC_PASSPHRASE_FILE',
      });
    }
  }

  /** Whether a passphrase can be had without failing. */
  get hasPassphrase(): boolean {
    const { NX_ESC_PASSPHRASE: passphrase, NX_ESC_PASSPHRASE_FILE: file } = this.env;
    return Boolean(passphrase) || Boolean(file) || this.askPassphrase !== undefined;
  }

  /** The passphrase of this run: from a variable, from a file, or asked for once. */
  passphrase(question = 'Passphrase: '): Promise<string | undefined> {
    return (this.#passphrase ??= this.#findPassphrase(question));
  }

  async #findPassphrase(question: string): Promise<string | undefined> {
    const { NX_ESC_PASSPHRASE: passphrase, NX_ESC_PASSPHRASE_FILE: file } = this.env;
    if (passphrase) return passphrase;
    if (file) return (await readPrivateFile(file)).replace(/\r?\n$/, '');
    return this.askPassphrase?.(question);
  }
}

/** The file of a user's own private key. */
export function keyFileOf(env: Environment): string {
  return join(env.XDG_CONFIG_HOME || join(env.HOME ?? homedir(), '.config'), 'nx-esc', 'age.key');
}

async function withPublicKey(identity: string, origin: string): Promise<PrivateKey> {
  const age = await loadAge();
  try {
    return { identity, publicKey: await age.identityToRecipient(identity) };
  } catch {
    // The library's message may quote the key.
    throw invalidKey(origin);
  }
}

/** Reads a file that nobody else may read. */
async function readPrivateFile(file: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new Failure({
        class: 'secrets',
        code: 'key-file-exposed',
        message: `others can read ${file} (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
        hint: `chmod 600 ${file}`,
        location: { file },
      });
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new Failure({
      class: 'secrets',
      code: code === 'ENOENT' ? 'key-file-missing' : 'key-file-invalid',
      message: `${file} cannot be read (${code})`,
      hint: 'make a key: nx-esc keys new',
    });
  }
}

function invalidKey(origin: string): Failure {
  return new Failure({
    class: 'secrets',
    code: 'key-file-invalid',
    message: `${origin} holds no age private key`,
    hint: 'it begins with AGE-SECRET-KEY-1; make one: nx-esc keys new',
  });
}
