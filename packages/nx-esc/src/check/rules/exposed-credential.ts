import { credentialIn, exposedSecrets } from '../reading/credentials';
import type { CheckedStackFile } from '../checked-project';
import { textsIn } from '../reading/structured-file';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

const HINT = 'keep it in a secrets store or behind fn::secret, encrypted; where it was real, change it';

export const exposedCredential: Rule = {
  code: 'exposed-credential',
  severity: 'error',
  summary: 'A text looks like a password, key or token.',
  checkProject: ({ documents, stackFiles }) => [
    ...documents.flatMap(({ parsed, source }) =>
      [...exposedSecrets(parsed)].flatMap(({ expression, path, kind }): Finding[] =>
        kind === undefined
          ? []
          : [{ place: source.placeOf(expression.range), message: `${path.join('.')} looks like ${kind}`, hint: HINT }],
      ),
    ),
    ...stackFiles.flatMap(inConfig),
  ],
};

/** Configuration of a stack that should be `secure:`. */
function inConfig({ file }: CheckedStackFile): Finding[] {
  return [...textsIn(file.at(['config']))].flatMap(({ path, text }): Finding[] => {
    const key = String(path.findLast((step) => typeof step === 'string') ?? '');
    if (key === 'secure') return [];
    const kind = credentialIn(key.replace(/^.*:/, ''), text);
    if (kind === undefined) return [];
    return [
      {
        place: file.placeOf(['config', ...path]),
        message: `config ${path.join('.')} looks like ${kind}`,
        hint: 'set it with: pulumi config set --secret',
      },
    ];
  });
}
