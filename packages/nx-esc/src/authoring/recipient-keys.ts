import { DEFAULT_GROUP, isKmsKey, type Recipients } from '../encryption/recipients-file';
import { listSecrets } from '../workspace/environment-secrets';

/** A key of AWS KMS that opens secrets at rest. */
export interface RecipientKey {
  readonly arn: string;
  /** The groups whose secrets it opens. */
  readonly groups: readonly string[];
}

/** The keys of AWS KMS that the secrets at rest in texts of environments are opened with, by file. */
export function recipientKeysOf(texts: ReadonlyMap<string, string>, recipients: Recipients): RecipientKey[] {
  const keyIds = [...texts].flatMap(([file, text]) => listSecrets(file, text).flatMap(({ keyId = [] }) => keyId));
  const groups = new Set(keyIds.map((id) => recipients.keyOf(id)?.group ?? DEFAULT_GROUP));
  const groupsByArn = new Map<string, string[]>();
  for (const group of [...groups].sort()) {
    for (const { key } of recipients.recipientsOf(group)) {
      if (isKmsKey(key)) groupsByArn.set(key, [...(groupsByArn.get(key) ?? []), group]);
    }
  }
  return [...groupsByArn].map(([arn, opened]) => ({ arn, groups: opened }));
}
