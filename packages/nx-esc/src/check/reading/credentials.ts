import type { Expression, ParsedEnvironment } from 'esc-eval';
import { expressionsIn } from './declared-values';

/** Texts that are credentials by their form. */
const TOKENS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,})\b/],
  ['a GitLab token', /\bglpat-[\w-]{20,}/],
  ['a Slack token', /\bxox[abeoprs]-[\w-]{10,}/],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{16,}\b/],
  ['a Google API key', /\bAIza[\w-]{35}\b/],
  ['a Pulumi access token', /\bpul-[0-9a-f]{40}\b/],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['a Vault token', /\bhvs\.[\w-]{20,}/],
  ['a Doppler token', /\bdp\.[a-z]+\.[A-Za-z0-9]{40,}/],
  ['a SendGrid key', /\bSG\.[\w-]{16,}\.[\w-]{16,}/],
  ['a signed JSON web token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['an age identity', /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/],
];
const URL_PASSWORD = /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@$]{4,})@/i;
const SECRET_KEY =
  /(?:^|[^a-z])(?:pass(?:word|wd|phrase)|secret|token|api_?key|private_?key|access_?key|signing_?key|credentials?)$/;
const PLACEHOLDER =
  /^(?:<.*>|\.{3,}|x{3,}|\*+)$|change-?me|not-?a-?|example|placeholder|dummy|sample|your[-_]|fake|todo|redacted/i;
const SHORTEST = 8;
const LEAST_ENTROPY = 2.75;

/** Says what kind of credential a text looks like; undefined for one that does not. */
export function credentialIn(key: string, text: string): string | undefined {
  const token = TOKENS.find(([, pattern]) => pattern.test(text));
  if (token !== undefined) return token[0];
  const password = URL_PASSWORD.exec(text)?.[1];
  if (password !== undefined && !PLACEHOLDER.test(password)) return 'a URL with a password';
  const isNamed = SECRET_KEY.test(snakeCase(key));
  return isNamed && looksRandom(text) ? 'a credential' : undefined;
}

function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

/** A text of letters and digits in no order that a word has; names, paths and addresses are none. */
function looksRandom(text: string): boolean {
  if (text.length < SHORTEST || /\s|:\/\/|^arn:|^\/|^\.{1,2}\//.test(text) || PLACEHOLDER.test(text)) return false;
  return /\d/.test(text) && /[A-Za-z]/.test(text) && entropyOf(text) >= LEAST_ENTROPY;
}

/** Bits per character (Shannon). */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** A text of an environment that should not be there to be read. */
export interface ExposedSecret {
  readonly expression: Expression;
  /** The keys that lead to it. */
  readonly path: readonly string[];
  /** Undefined for what is marked as secret. */
  readonly kind?: string;
}

/** The id of an access key in the state of a rotation, where the key itself is encrypted: it opens nothing. */
function isRotatedKeyId(path: readonly string[]): boolean {
  const rotation = path.findIndex((key) => /^fn::rotate(?:::|$)/.test(key));
  return rotation >= 0 && path[rotation + 1] === 'state' && path.at(-1) === 'accessKeyId';
}

/** The secrets of an environment that its text shows. */
export function* exposedSecrets({ declaration }: ParsedEnvironment): Generator<ExposedSecret> {
  if (!declaration?.values) return;
  for (const { expression, path } of expressionsIn(declaration.values)) {
    if (expression.kind === 'call' && expression.name === 'fn::secret' && expression.argument.kind === 'string') {
      if (expression.argument.value !== '') yield { expression: expression.argument, path };
      continue;
    }
    if (expression.kind !== 'string' || path.includes('fn::secret') || isRotatedKeyId(path)) continue;
    const kind = credentialIn(path.filter((key) => !key.startsWith('fn::')).at(-1) ?? '', expression.value);
    if (kind !== undefined) yield { expression, path, kind };
  }
}
