import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minimatch } from 'minimatch';
import { parseDocument } from 'yaml';
import { Failure } from '../failures/failure';
import { keyIdOf } from './secret-ciphertext';

/** The file in the root of a workspace that says who can open its secrets. */
export const RECIPIENTS_FILE = 'esc.recipients.yaml';
/** What stands at the head of a new one. */
export const RECIPIENTS_HEAD = `# Who can open the secrets of this workspace. Anyone can add a secret; see docs/secrets.md of nx-esc.
`;
export const DEFAULT_GROUP = 'default';

/** Someone who can open secrets: a person, a pipeline, or a key of AWS KMS. */
export interface Recipient {
  readonly name: string;
  /** An age public key, or the ARN of a KMS key. */
  readonly key: string;
  /** The private key of a recipient that a passphrase stands for, encrypted with that passphrase. */
  readonly identity?: string;
}

/** A key pair of a group: secrets are encrypted to its public half, its private half is sealed for the recipients. */
export interface GroupKey {
  readonly id: string;
  readonly group: string;
  readonly publicKey: string;
  /** The private half, an armored age file. */
  readonly sealed: string;
  /** The keys of those who can open it. */
  readonly sealedFor: readonly string[];
}

interface Group {
  readonly name: string;
  readonly environments: readonly string[];
  readonly recipients?: readonly string[];
}

/** What `esc.recipients.yaml` says. */
export class Recipients {
  readonly all: readonly Recipient[];
  readonly keys: readonly GroupKey[];
  readonly #groups: readonly Group[];

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    const content = parse(file, text);
    this.all = Object.entries(record(content.recipients)).map(([name, entry]) => readRecipient(file, name, entry));
    this.#groups = Object.entries(record(content.groups)).map(([name, entry]) => readGroup(file, name, entry));
    this.keys = Object.entries(record(content.keys)).flatMap(([group, entries]) =>
      (Array.isArray(entries) ? entries : []).map((entry: unknown) => readKey(file, group, entry)),
    );
    for (const { name, recipients = [] } of this.#groups) {
      const unknown = recipients.find((recipient) => !this.all.some((known) => known.name === recipient));
      if (unknown !== undefined)
        throw invalid(file, `group ${name} names the recipient "${unknown}", who is not listed`);
    }
  }

  get groups(): readonly string[] {
    return [...new Set([...this.#groups.map(({ name }) => name), DEFAULT_GROUP])];
  }

  /** The group that an environment (`project/environment`) belongs to: the first whose patterns match. */
  groupOf(environment: string): string {
    const matches = ({ environments }: Group): boolean =>
      environments.some((pattern) => minimatch(environment, pattern, { dot: true }));
    return this.#groups.find(matches)?.name ?? DEFAULT_GROUP;
  }

  /** Those who can open the secrets of a group; everybody unless the group names them. */
  recipientsOf(group: string): readonly Recipient[] {
    const names = this.recipientsNamedBy(group);
    return names === undefined ? this.all : this.all.filter(({ name }) => names.includes(name));
  }

  /** The names that a group lists; undefined for one that is open to everybody. */
  recipientsNamedBy(group: string): readonly string[] | undefined {
    return this.#groups.find(({ name }) => name === group)?.recipients;
  }

  /** The key that secrets of a group are encrypted to; older ones stand behind it. */
  currentKeyOf(group: string): GroupKey | undefined {
    return this.keys.find((key) => key.group === group);
  }

  keyOf(id: string): GroupKey | undefined {
    return this.keys.find((key) => key.id === id);
  }

  /** The name of a recipient by its key; the key itself for one that is not listed any more. */
  nameOf(key: string): string {
    return this.all.find((recipient) => recipient.key === key)?.name ?? key;
  }
}

/** Reads the recipients of a workspace; an empty list where there is no such file. */
export async function readRecipients(workspaceRoot: string): Promise<Recipients> {
  const file = join(workspaceRoot, RECIPIENTS_FILE);
  try {
    return new Recipients(file, await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Recipients(file, '');
    throw error;
  }
}

export function isKmsKey(key: string): boolean {
  return /^arn:aws[\w-]*:kms:[\w-]+:\d{12}:(?:key|alias)\/[\w/-]+$/.test(key);
}

/** The region of a KMS key. */
export function regionOfKey(arn: string): string {
  return arn.split(':')[3] as string;
}

export function isAgeKey(key: string): boolean {
  return /^age1(?:pq1)?[02-9ac-hj-np-z]{58,}$/.test(key);
}

function parse(file: string, text: string): Record<string, unknown> {
  const document = parseDocument(text, { schema: 'core', prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const at = error.linePos?.[0];
    const place = at === undefined ? {} : { line: at.line, column: at.col };
    throw invalid(file, (error.message.split('\n')[0] as string).replace(/ at line .*$/, ''), place);
  }
  const content: unknown = document.toJS();
  if (content !== null && (typeof content !== 'object' || Array.isArray(content)))
    throw invalid(file, 'the file holds no map');
  return record(content);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function readRecipient(file: string, name: string, entry: unknown): Recipient {
  const { key, identity } = typeof entry === 'string' ? { key: entry, identity: undefined } : record(entry);
  if (typeof key !== 'string' || !(isAgeKey(key) || isKmsKey(key)))
    throw invalid(file, `the key of recipient "${name}" is neither an age public key nor the ARN of a KMS key`);
  return { name, key, ...(typeof identity === 'string' && { identity }) };
}

function readGroup(file: string, name: string, entry: unknown): Group {
  const { environments, recipients } = record(entry);
  const isNames = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (environments !== undefined && !isNames(environments))
    throw invalid(file, `the environments of group "${name}" are no list of patterns`);
  if (recipients !== undefined && !isNames(recipients))
    throw invalid(file, `the recipients of group "${name}" are no list of names`);
  return { name, environments: environments ?? [], ...(recipients !== undefined && { recipients }) };
}

function readKey(file: string, group: string, entry: unknown): GroupKey {
  const { public: publicKey, sealed, for: sealedFor } = record(entry);
  if (typeof publicKey !== 'string' || typeof sealed !== 'string' || !Array.isArray(sealedFor))
    throw invalid(file, `a key of group "${group}" is damaged`);
  return { id: keyIdOf(publicKey), group, publicKey, sealed, sealedFor: sealedFor.map(String) };
}

function invalid(file: string, message: string, place: { line?: number; column?: number } = {}): Failure {
  return new Failure({
    class: 'config',
    code: 'recipients-invalid',
    message,
    hint: `mend ${RECIPIENTS_FILE}, or take it from the history of the repository`,
    location: { file, ...place },
  });
}
