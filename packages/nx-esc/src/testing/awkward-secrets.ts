/** A secret that is hard to redact, with a word of its own that any encoding which keeps letters must show. */
export interface AwkwardSecret {
  readonly name: string;
  readonly text: string;
  readonly marker: string;
}

/** Shapes of secrets; each is given its marker. */
const SHAPES: Readonly<Record<string, (marker: string) => string>> = {
  plain: (m) => m,
  short: (m) => m.slice(0, 8),
  'two lines': (m) => `a${m}\nb${m}`,
  'lines of Windows': (m) => `a${m}\r\nb${m}\r\n`,
  'PEM key': (m) =>
    `-----BEGIN RSA PRIVATE KEY-----\n${`${m}/+`.repeat(12).replace(/.{64}/g, '$&\n')}\n-----END RSA PRIVATE KEY-----\n`,
  'single quotes': (m) => `it's ${m}'s`,
  'double quotes': (m) => `say "${m}"`,
  'both quotes': (m) => `'"${m}"'`,
  backticks: (m) => '`' + m + '`',
  'command substitution': (m) => `$(echo ${m})`,
  'a variable': (m) => `$HOME ${m} $1`,
  backslashes: (m) => `C:\\${m}\\n\\t\\\\`,
  'leading dashes': (m) => `--password=${m}`,
  'a dash': (m) => `-${m}`,
  percent: (m) => `100%${m}%20%25`,
  'a URL': (m) => `postgres://user:${m}@db.example.com:5432/app?sslmode=require&x=1`,
  'a password of symbols': (m) => `!@#$%^&*()_+${m}{}|:"<>?[];',./`,
  'plus and space': (m) => `a b+c ${m} d`,
  'base64 text': (m) => Buffer.from(`\x00\xff${m}`).toString('base64') + m,
  'base64url text': (m) => `eyJhbGciOi-_${m}.eyJzdWIiOi-_${m}.c2ln-_${m}`,
  padding: (m) => `${m}==`,
  hex: (m) => Buffer.from(m).toString('hex') + m,
  JSON: (m) => JSON.stringify({ user: 'me', password: m, list: [1, 'é'] }),
  'pretty JSON': (m) => JSON.stringify({ user: `u${m}`, password: `p${m}` }, null, 2),
  YAML: (m) => `user: a${m}\npassword: b${m}\n`,
  XML: (m) => `<key id="1">${m} & co</key>`,
  unicode: (m) => `pässwörd-${m}-漢字`,
  emoji: (m) => `🔑${m}🔒`,
  'combining marks': (m) => `e\u0301${m}n\u0303`,
  'right to left': (m) => `\u202e${m}\u202c`,
  escapes: (m) => `\x1b[31m${m}\x1b[0m`,
  'control characters': (m) => `\x01\x02${m}\x7f\x08`,
  tabs: (m) => `a\t${m}\tb`,
  'white space at the ends': (m) => `  \t${m}  \n`,
  'blank lines': (m) => `\n\na${m}\n\nb${m}\n\n`,
  'the mask': (m) => `[secret]${m}[secret]`,
  'half a mask': (m) => `secret]${m}[sec`,
  'a repeated text': (m) => m.repeat(40),
  'a very long text': (m) => `${m}${Array.from({ length: 900 }, (_, index) => `filler${index}`).join('-')}${m}`,
  'many lines': (m) => Array.from({ length: 60 }, (_, index) => `${index}: ${m}`).join('\n'),
  'a workflow command': (m) => `::set-output name=x::${m}`,
  'a legacy command': (m) => `##[error]${m}`,
  'a format': (m) => `%s %d {0} {{${m}}} ${'${'}x}`,
  'a regular expression': (m) => `^(?:${m})+$|.*`,
  SQL: (m) => `'; DROP TABLE x; -- ${m}`,
  'an option with a value': (m) => `-Dkey=${m};-X`,
  'a path': (m) => `../../${m}/etc/passwd`,
  digits: (m) => `00${m}1234567890`,
  'a prefix of others': (m) => `${m.slice(0, 10)}`,
  'continuation of that': (m) => `${m.slice(0, 10)}${m}`,
};

/** Fifty secrets of awkward shapes, as an environment holds them. */
export function awkwardSecrets(): AwkwardSecret[] {
  return Object.entries(SHAPES).map(([name, shape], index) => {
    const number = String(index).padStart(2, '0');
    const marker = `Qz${number}kVxW${number}mJ`;
    return {
      name,
      marker: name === 'short' ? marker.slice(0, 8) : name === 'a prefix of others' ? marker.slice(0, 10) : marker,
      text: shape(marker),
    };
  });
}

/** What would give a secret away: its marker, and that in base64 at each alignment and in hexadecimal. */
export function tracesOf({ marker }: AwkwardSecret): string[] {
  const bytes = Buffer.from(marker);
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  const hex = bytes.toString('hex');
  return [marker, ...base64, hex, hex.toUpperCase()];
}
