/** Words for stages, from the first that a change comes to. */
const STAGES = [/^(?:dev|develop)/, /^(?:test|qa|int)/, /^(?:stag|stg|uat|preprod|pre-prod)/, /^(?:prod|prd|live)/];

/** Puts environments into the order in which a change is promoted; names that say nothing of it come before production. */
export function promotionOrder(environments: readonly string[]): string[] {
  const rank = (name: string): number => {
    const stage = STAGES.findIndex((pattern) => pattern.test(name.toLowerCase()));
    return stage < 0 ? STAGES.length - 1.5 : stage;
  };
  return [...environments].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
