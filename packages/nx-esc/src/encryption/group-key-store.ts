import { setInText, toData } from 'esc-eval';
import { generateGroupKey, openGroupKey, sealGroupKey } from './group-keys';
import { editFile } from './edit-file';
import type { Identities } from './identities';
import { type GroupKey, Recipients, RECIPIENTS_FILE, readRecipients } from './recipients-file';

export interface StoreOptions {
  readonly workspaceRoot: string;
  readonly identities: Identities;
  readonly signal?: AbortSignal;
}

/**
 * The key that new secrets of a group are encrypted to. Makes one where there is none, or where the last one would let
 * somebody read them who is no recipient any more: that takes no private key.
 */
export async function currentGroupKey(
  group: string,
  { workspaceRoot, identities, signal }: StoreOptions,
): Promise<GroupKey> {
  const recipients = await readRecipients(workspaceRoot);
  const current = recipients.currentKeyOf(group);
  if (current !== undefined && !isTooWide(current, recipients)) return current;
  let key = current;
  await editFile(recipients.file, async (text) => {
    const latest = new Recipients(recipients.file, text);
    key = latest.currentKeyOf(group);
    if (key !== undefined && !isTooWide(key, latest)) return text;
    key = await generateGroupKey(group, latest.recipientsOf(group), { env: identities.env, signal });
    return writeKeys(text, group, [key, ...latest.keys.filter((other) => other.group === group)]);
  });
  return key as GroupKey;
}

export interface RekeyOptions extends StoreOptions {
  /** Makes a new key of every group. */
  readonly all: boolean;
}

export interface RekeyedGroup {
  readonly group: string;
  /** Whether secrets are encrypted to a new key from now on. */
  readonly isNew: boolean;
}

/**
 * Brings the keys of all groups to their recipients: seals them for those who were added, and replaces them where
 * somebody was removed. Old keys stay, for what is still encrypted to them.
 *
 * @throws Failure secrets/secret-decrypt-failed where a key cannot be opened here; nothing is written then
 */
export async function rekeyGroups({ workspaceRoot, identities, all, signal }: RekeyOptions): Promise<RekeyedGroup[]> {
  const access = { env: identities.env, signal };
  const { file } = await readRecipients(workspaceRoot);
  const rekeyed: RekeyedGroup[] = [];
  await editFile(file, async (text) => {
    const recipients = new Recipients(file, text);
    let changed = text;
    for (const group of recipients.groups) {
      const keys = recipients.keys.filter((key) => key.group === group);
      const [current] = keys;
      if (current === undefined) continue;
      const members = recipients.recipientsOf(group);
      const isNew = all || isTooWide(current, recipients);
      const resealed = await Promise.all(
        keys.map(async (key) =>
          isSealedFor(key, recipients)
            ? key
            : sealGroupKey(group, await openGroupKey(key, recipients, identities, access), members, access),
        ),
      );
      if (isNew) resealed.unshift(await generateGroupKey(group, members, access));
      if (!isNew && resealed.every((key, index) => key === keys[index])) continue;
      changed = writeKeys(changed, group, resealed);
      rekeyed.push({ group, isNew });
    }
    return changed;
  });
  return rekeyed;
}

/** Removes the keys, current ones excepted, that are not among those in use; answers how many. */
export async function pruneGroupKeys(
  usedKeyIds: ReadonlySet<string>,
  { workspaceRoot }: Pick<StoreOptions, 'workspaceRoot'>,
): Promise<number> {
  const { file } = await readRecipients(workspaceRoot);
  let pruned = 0;
  await editFile(file, (text) => {
    const recipients = new Recipients(file, text);
    let changed = text;
    for (const group of new Set(recipients.keys.map((key) => key.group))) {
      const keys = recipients.keys.filter((key) => key.group === group);
      const kept = keys.filter((key, index) => index === 0 || usedKeyIds.has(key.id));
      pruned += keys.length - kept.length;
      if (kept.length < keys.length) changed = writeKeys(changed, group, kept);
    }
    return changed;
  });
  return pruned;
}

/** Whether somebody can open a key who is no recipient of its group any more. */
export function isTooWide({ group, sealedFor }: GroupKey, recipients: Recipients): boolean {
  const members = new Set(recipients.recipientsOf(group).map(({ key }) => key));
  return sealedFor.some((key) => !members.has(key));
}

function isSealedFor(key: GroupKey, recipients: Recipients): boolean {
  return key.sealedFor.length === recipients.recipientsOf(key.group).length && !isTooWide(key, recipients);
}

function writeKeys(text: string, group: string, keys: readonly GroupKey[]): string {
  const entries = keys.map(({ publicKey, sealedFor, sealed }) => ({ public: publicKey, for: sealedFor, sealed }));
  const headed = /^keys:/m.test(text)
    ? text
    : `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${KEYS_COMMENT}`;
  return setInText(RECIPIENTS_FILE, headed, ['keys', group], toData(entries));
}

const KEYS_COMMENT = `
# Kept by nx-esc: the keys that secrets are encrypted to, the newest first, each sealed for those who may open it.
keys:
`;
