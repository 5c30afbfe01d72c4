/** Values of fewer bytes are not redacted: they would redact half of any text. */
export const SHORTEST_SECRET = 4;

/** Words that stand in any output; hiding them hides nothing, and makes it unreadable. */
const ORDINARY_WORDS = /^(?:true|false|null|none|undefined)$/i;

/** Whether a value can be hidden in a text at all. */
export function isRedactable(secret: string): boolean {
  const text = secret.trim();
  return Buffer.byteLength(text) >= SHORTEST_SECRET && !ORDINARY_WORDS.test(text);
}

/** The lines of a secret that can be hidden; one of punctuation alone, such as a brace, tells nothing. */
export function redactableLines(secret: string): string[] {
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  return lines.filter((line) => isRedactable(line) && /[^\p{P}\s]/u.test(line));
}

/**
 * The byte strings by which a secret may appear in what programs print: as it is, line by line, and as programs commonly
 * encode it (docs/redaction.md lists them). White space at the ends is left out: what remains gives it away as well,
 * and no text is held back for a newline. A long one is given in pieces: programs cut long texts off, and what is held
 * back stays short.
 */
export function formsOfSecret(secret: string): Buffer[] {
  const whole = secret.trim();
  const lines = redactableLines(secret);
  const forms = new Set(lines.flatMap(formsOfText));
  if (isRedactable(whole)) {
    const isCoveredByLines = whole.length > LONGEST_FORM && lines.length > 1 && hasOnlyTellingLines(whole, lines);
    for (const form of isCoveredByLines ? formsBeyondLines(whole) : formsOfText(whole)) forms.add(form);
  }
  return [...forms].flatMap((form) => piecesOf(Buffer.from(form)));
}

/** Whether all lines of a text can be hidden one by one, but for those that tell nothing. */
function hasOnlyTellingLines(text: string, lines: readonly string[]): boolean {
  return lines.length === text.split(/[\r\n]+/).filter((line) => /[^\p{P}\s]/u.test(line)).length;
}

function formsOfText(text: string): string[] {
  const encoded = [jsonForms, quotedForms, urlForms, htmlForms, hexForms, base64Forms].flatMap((encode) =>
    encode(text),
  );
  return [text, ...encoded]
    .filter((form) => form.length >= SHORTEST_SECRET)
    .flatMap((form) => {
      // Logs are often JSON, whatever they tell of.
      return /[\x00-\x1f"\\]/.test(form) ? [form, JSON.stringify(form).slice(1, -1)] : [form];
    });
}

/**
 * What hides a long text of several lines beside the forms of its lines: what encodes character by character holds
 * those, so that only base64 is needed. The other two let one `[secret]` stand for all lines.
 */
function formsBeyondLines(text: string): string[] {
  return [text, JSON.stringify(text).slice(1, -1), ...base64Forms(text)];
}

const LONGEST_FORM = 64;
const PIECE = 24;

/** The pieces of a long form lie side by side, so that all of it is one stretch where all of it is printed. */
function piecesOf(form: Buffer): Buffer[] {
  if (form.length <= LONGEST_FORM) return [form];
  const count = Math.ceil(form.length / PIECE);
  return Array.from({ length: count }, (_, index) => {
    const begin = Math.min(index * PIECE, form.length - PIECE);
    return form.subarray(begin, begin + PIECE);
  }).filter((piece) => /[^\p{P}\s]/u.test(piece.toString()));
}

/** As JSON strings: of JavaScript, Go, Python, PHP, Java and .NET, and within a JSON string. */
function jsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const slog = text.replace(/["\\\x00-\x1f]/g, (character) => SLOG[character] ?? unicodeEscape(character));
  const html = plain.replace(/[<>&\u2028\u2029]/g, (character) => unicodeEscape(character));
  const ascii = plain.replace(/[^\x00-\x7f]/g, (character) => unicodeEscape(character));
  const dotnet = text.replace(
    /[^\x20-\x7e]|["'<>&+`\\]/g,
    (character) => DOTNET[character] ?? unicodeEscape(character),
  );
  const slashed = [plain, ascii].map((form) => form.replaceAll('/', '\\/'));
  const forms = [plain, slog, html, ascii, ...slashed].flatMap((form) => [form, upperEscapes(form)]);
  const nested = [plain, html, ascii].map((form) => JSON.stringify(form).slice(1, -1));
  const twice = JSON.stringify(nested[0]).slice(1, -1);
  return [...forms, upperEscapes(dotnet), ...nested, twice];
}

/** Go has no letters for the others. */
const SLOG: Readonly<Record<string, string>> = { '"': '\\"', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

const DOTNET: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '\\': '\\\\',
};

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function upperEscapes(text: string): string {
  return text.replace(/\\u[0-9a-f]{4}|\\x[0-9a-f]{2}/g, (escape) => escape.slice(0, 2) + escape.slice(2).toUpperCase());
}

/** Quoted for shells, and as the literals of Go, Python, Node.js and bash. */
function quotedForms(text: string): string[] {
  const shells = [
    text.replaceAll("'", `'\\''`),
    text.replaceAll("'", `'"'"'`),
    text.replaceAll("'", "''"),
    text.replace(/[\\"$`]/g, '\\$&'),
    text.replace(/[^\w@%+=:,./\n-]/gu, '\\$&'),
  ];
  return [
    ...shells,
    ...LITERALS.flatMap((escapes) => ['"', "'", '`', ''].flatMap((quote) => literalForms(text, quote, escapes))),
  ];
}

const PYTHON = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };
const NODE = { ...PYTHON, '\b': '\\b', '\f': '\\f' };
/** The characters for which a language has a letter; the others are written as \x1b. */
const LITERALS: readonly Readonly<Record<string, string>>[] = [PYTHON, NODE, { ...NODE, '\x07': '\\a', '\v': '\\v' }];

function literalForms(text: string, quote: string, escapes: Readonly<Record<string, string>>): string[] {
  const literal = text.replace(/[\\\x00-\x1f\x7f"'`]/g, (character) => {
    if (/["'`]/.test(character)) return character === quote ? `\\${character}` : character;
    return escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  const upper = literal.replace(/\\x[0-9a-f]{2}/g, (escape) => `\\x${escape.slice(2).toUpperCase()}`);
  const bash = literal.replaceAll('\\x1b', '\\E').replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => octalEscape(hex));
  return [literal, upper, bash];
}

function octalEscape(hex: string): string {
  return `\\${Number.parseInt(hex, 16).toString(8).padStart(3, '0')}`;
}

/** Bytes that encoders of URLs leave as they are, besides letters and digits. */
const URL_UNRESERVED = [
  `-_.!~*'()`, // encodeURIComponent
  '-_.~', // RFC 3986, Go's QueryEscape
  '-_.~/', // Python's quote
  '*-._', // forms, URLSearchParams
  `-_.!~*'();/?:@&=+$,#`, // encodeURI
  '-_.~$&+=:@', // Go's PathEscape
  '-_.~$&+,;=', // Go's passwords of URLs
  "!$%&'()*+,-._~", // passwords of URLs in JavaScript
];

/** As part of a URL, with upper and lower hexadecimal digits, and with + for a space. */
function urlForms(text: string): string[] {
  if (/^[A-Za-z0-9]*$/.test(text)) return [];
  const forms = URL_UNRESERVED.map((left) => percentEncode(text, left));
  const twice = percentEncode(forms[0] as string, '-_.~');
  return [...forms, twice].flatMap((form) => {
    const lower = form.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
    return [form, lower, form.replaceAll('%20', '+'), lower.replaceAll('%20', '+')];
  });
}

function percentEncode(text: string, left: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    const isLeft = /[A-Za-z0-9]/.test(character) || left.includes(character);
    encoded += isLeft ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** As HTML or XML, in which many services answer errors. */
function htmlForms(text: string): string[] {
  if (!/[&<>"']/.test(text)) return [];
  const quotes = [
    ['&quot;', '&#39;'],
    ['&#34;', '&#39;'],
    ['&quot;', '&#x27;'],
    ['&quot;', '&apos;'],
    ['&quot;', "'"],
    ['"', "'"],
  ] as const;
  return quotes.map(([double, single]) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', double)
      .replaceAll("'", single),
  );
}

function hexForms(text: string): string[] {
  const hex = Buffer.from(text).toString('hex');
  return [hex, hex.toUpperCase()];
}

/** Widths at which `base64` of coreutils and PEM break lines. */
const BASE64_WIDTHS = [76, 64];
const SHORTEST_BASE64 = 4;

/** The stable middle of a text's base64 at each of the three places where it may stand in an encoded whole. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  const alone = bytes.toString('base64');
  const wrapped = BASE64_WIDTHS.filter((width) => alone.length > width).flatMap((width) =>
    (alone.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).filter((line) => line.length >= 2 * SHORTEST_BASE64),
  );
  const middles = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return [alone, ...wrapped, ...middles.filter(({ length }) => length >= SHORTEST_BASE64)].flatMap((form) => [
    form,
    form.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
}
