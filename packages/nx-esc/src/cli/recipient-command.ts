import { join } from 'node:path';
import { removeFromText, setInText, toData } from 'esc-eval';
import { editFile } from '../encryption/edit-file';
import { isTooWide } from '../encryption/group-key-store';
import { Identities } from '../encryption/identities';
import { encryptIdentity, generateIdentity } from '../encryption/new-identity';
import {
  isAgeKey,
  isKmsKey,
  readRecipients,
  Recipients,
  RECIPIENTS_FILE,
  RECIPIENTS_HEAD,
} from '../encryption/recipients-file';
import { Failure } from '../failures/failure';
import { processEnvironment } from '../workspace/process-environment';
import { askHidden } from './ask';
import { readNewPassphrase } from './new-passphrase';

export interface RecipientAddOptions {
  readonly workspaceRoot: string;
  readonly name: string;
  /** An age public key or the ARN of a KMS key; the key of the one who runs this unless given. */
  readonly key?: string;
  readonly groups: readonly string[];
  /** Makes a recipient of a passphrase. */
  readonly passphrase: boolean;
}

/** Adds a recipient to the workspace, and to the groups that name their recipients where asked. */
export async function recipientAddCommand(options: RecipientAddOptions): Promise<void> {
  const { workspaceRoot, name, groups } = options;
  const recipient = await newRecipient(options);
  await editFile(join(workspaceRoot, RECIPIENTS_FILE), (text) => {
    const recipients = new Recipients(RECIPIENTS_FILE, text);
    if (recipients.all.some((known) => known.name === name))
      throw invalid(`there is a recipient "${name}" already`, 'take another name, or remove it first');
    let changed = setInText(
      RECIPIENTS_FILE,
      text === '' ? RECIPIENTS_HEAD : text,
      ['recipients', name],
      toData(recipient),
    );
    for (const group of groups) {
      const named = recipients.recipientsNamedBy(group);
      if (named === undefined)
        throw invalid(`group "${group}" does not name its recipients`, `see groups in ${RECIPIENTS_FILE}`);
      changed = setInText(RECIPIENTS_FILE, changed, ['groups', group, 'recipients', named.length], name);
    }
    return changed;
  });
  await sayWhatIsNext(workspaceRoot, `✓ ${name} is a recipient`);
}

async function newRecipient({ name, key, passphrase }: RecipientAddOptions): Promise<unknown> {
  const env = processEnvironment();
  if (passphrase) {
    const { identity, publicKey } = await generateIdentity();
    return { key: publicKey, identity: await encryptIdentity(identity, await readNewPassphrase(env)) };
  }
  if (key !== undefined) {
    if (isAgeKey(key) || isKmsKey(key)) return key;
    throw invalid(
      `the key of ${name} is neither an age public key nor the ARN of a KMS key`,
      'age public keys begin with age1: nx-esc keys show',
    );
  }
  const [own] = await new Identities(env, process.stdin.isTTY ? askHidden : undefined).keys();
  if (own === undefined) throw invalid('there is no private key here', 'nx-esc keys new, or name a public key');
  return own.publicKey;
}

export async function recipientRemoveCommand({
  workspaceRoot,
  name,
}: {
  readonly workspaceRoot: string;
  readonly name: string;
}): Promise<void> {
  await editFile(join(workspaceRoot, RECIPIENTS_FILE), (text) => {
    const recipients = new Recipients(RECIPIENTS_FILE, text);
    if (!recipients.all.some((known) => known.name === name)) {
      const names = recipients.all.map((known) => known.name).join(', ');
      throw invalid(`there is no recipient "${name}"`, names === '' ? 'there are none' : `there are: ${names}`);
    }
    let changed = removeFromText(RECIPIENTS_FILE, text, ['recipients', name]);
    for (const group of recipients.groups) {
      const index = recipients.recipientsNamedBy(group)?.indexOf(name) ?? -1;
      if (index >= 0) changed = removeFromText(RECIPIENTS_FILE, changed, ['groups', group, 'recipients', index]);
    }
    return changed;
  });
  await sayWhatIsNext(workspaceRoot, `✓ ${name} is no recipient any more`);
}

/** Lists recipients with the groups that open for them. */
export async function recipientListCommand({ workspaceRoot }: { readonly workspaceRoot: string }): Promise<void> {
  const recipients = await readRecipients(workspaceRoot);
  for (const { name, key } of recipients.all) {
    const groups = recipients.groups.filter((group) =>
      recipients.recipientsOf(group).some((member) => member.name === name),
    );
    const waiting = groups.filter((group) => recipients.currentKeyOf(group)?.sealedFor.includes(key) === false);
    const note = waiting.length === 0 ? '' : `\twaits for nx-esc rekey: ${waiting.join(', ')}`;
    console.log(`${name}\t${key}\t${groups.join(', ')}${note}`);
  }
}

async function sayWhatIsNext(workspaceRoot: string, done: string): Promise<void> {
  const recipients = await readRecipients(workspaceRoot);
  const isBehind = recipients.keys.some(
    (key) => isTooWide(key, recipients) || key.sealedFor.length !== recipients.recipientsOf(key.group).length,
  );
  console.error(isBehind ? `${done}; let a recipient run nx-esc rekey` : done);
}

function invalid(message: string, hint: string): Failure {
  return new Failure({ class: 'config', code: 'option-invalid', message, hint });
}
