import { exposedSecrets } from '../reading/credentials';
import type { Rule } from '../rule';

export const plaintextSecret: Rule = {
  code: 'plaintext-secret',
  severity: 'error',
  summary: 'The text behind `fn::secret` is not encrypted.',
  checkProject: ({ documents }) =>
    documents.flatMap(({ parsed, source }) =>
      [...exposedSecrets(parsed)].flatMap(({ expression, kind }) =>
        kind === undefined
          ? [
              {
                place: source.placeOf(expression.range),
                message: 'a secret in plain text: everyone who reads the repository can read it',
                hint: 'keep it in a secrets store (fn::open::aws-secrets, …), or encrypt it; then change the secret itself',
              },
            ]
          : [],
      ),
    ),
};
