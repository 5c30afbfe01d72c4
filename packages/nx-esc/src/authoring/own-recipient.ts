import type { GeneratorCallback, Tree } from '@nx/devkit';
import { setInText } from 'esc-eval';
import { Identities, keyFileOf } from '../encryption/identities';
import { generateIdentity } from '../encryption/new-identity';
import { writeOwnKey } from '../encryption/own-key';
import { Recipients, RECIPIENTS_FILE, RECIPIENTS_HEAD } from '../encryption/recipients-file';
import { processEnvironment } from '../workspace/process-environment';
import { checkedAnswer, invalidAnswer } from './answers';

/**
 * Makes the one who runs this a recipient of the workspace's secrets, under a name. Where they have no private key yet, one
 * is made; it lies outside of the workspace, and is written by the callback, once the files of the workspace are.
 *
 * @throws Failure config/option-invalid for a name that somebody else has; those of reading a private key
 */
export async function addOwnRecipient(tree: Tree, answer: string): Promise<GeneratorCallback> {
  const name = checkedAnswer('recipient', 'recipient', answer);
  const env = processEnvironment();
  const [own] = await new Identities(env).keys();
  const key = own ?? (await generateIdentity());
  const text = tree.read(RECIPIENTS_FILE, 'utf8') ?? RECIPIENTS_HEAD;
  const { all } = new Recipients(RECIPIENTS_FILE, text);
  if (all.some((known) => known.key === key.publicKey)) return () => undefined;
  if (all.some((known) => known.name === name))
    throw invalidAnswer('recipient', name, 'somebody with another key has that name: take another');
  tree.write(RECIPIENTS_FILE, setInText(RECIPIENTS_FILE, text, ['recipients', name], key.publicKey));
  if (own !== undefined) return () => undefined;
  return () => {
    const file = keyFileOf(env);
    writeOwnKey(file, key);
    console.log(`✓ private key in ${file}: keep a copy where only you can get at it`);
  };
}
