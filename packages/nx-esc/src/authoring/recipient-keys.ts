import { DEFAULT_GROUP, isKmsKey, type Recipients } from '../encryption/recipients-file';
import { listSecrets } from '../workspace/environment-secrets';

/** A key of AWS KMS that opens the secrets at rest of a group. */
export interface RecipientKey {
  readonly arn: string;
  readonly group: string;
}

/** The keys of AWS KMS that the secrets at rest in texts of environments are opened with, by file. */
export function recipientKeysOf(texts: ReadonlyMap<string, string>, recipients: Recipients): RecipientKey[] {
  const keyIds = [...texts].flatMap(([file, text]) => listSecrets(file, text).flatMap(({ keyId = [] }) => keyId));
  const groups = new Set(keyIds.map((id) => recipients.keyOf(id)?.group ?? DEFAULT_GROUP));
  return [...groups].flatMap((group) =>
    recipients.recipientsOf(group).flatMap(({ key }) => (isKmsKey(key) ? [{ arn: key, group }] : [])),
  );
}
