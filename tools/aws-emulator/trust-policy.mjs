/**
 * Decides as IAM does whether a trust policy lets a token in: a statement that allows sts:AssumeRoleWithWebIdentity to the
 * identity provider, all of whose conditions hold. StringEquals and StringLike on the claims are what such policies use;
 * any other operator is refused, so that nothing passes by not being understood.
 */
export function isTrusted(policy, { provider, claims }) {
  const host = claims.iss.replace(/^https?:\/\//, '');
  const context = Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${host}:${name}`, value]));
  const decides = (effect) =>
    list(policy.Statement).some(
      (statement) =>
        statement.Effect === effect &&
        list(statement.Action).some((action) => matches(action, 'sts:AssumeRoleWithWebIdentity')) &&
        list(statement.Principal?.Federated).includes(provider) &&
        conditionsHold(statement.Condition ?? {}, context),
    );
  return decides('Allow') && !decides('Deny');
}

/** Decides whether all conditions of a statement hold, for what the context of a request says; a missing key is no match. */
export function conditionsHold(conditions, context) {
  return Object.entries(conditions).every(([operator, keys]) => {
    const test = { StringEquals: (wanted, value) => wanted === value, StringLike: matches }[operator];
    if (test === undefined) throw new Error(`the condition operator ${operator} is not emulated`);
    return Object.entries(keys).every(([key, wanted]) => {
      const values = list(context[key]);
      return values.some((value) => list(wanted).some((pattern) => test(pattern, String(value))));
    });
  });
}

/** Compares as IAM does: `*` and `?` are wildcards. */
export function matches(pattern, text) {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function list(value) {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
