import type { CST } from 'yaml';

/** Nesting beyond this is refused, so that no recursion over a document can exhaust the stack. */
export const MAXIMUM_DEPTH = 500;

/** Tells whether collections nest deeper than the limit, without recursion. */
export function isTooDeep(token: CST.Token): boolean {
  const pending: { token: CST.Token; depth: number }[] = [{ token, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.depth > MAXIMUM_DEPTH) return true;
    if (next.token.type === 'document' && next.token.value !== undefined) {
      pending.push({ token: next.token.value, depth: next.depth });
    }
    if (!('items' in next.token)) continue;
    for (const item of next.token.items) {
      if (item.key && 'items' in item.key) pending.push({ token: item.key, depth: next.depth + 1 });
      if (item.value && 'items' in item.value) pending.push({ token: item.value, depth: next.depth + 1 });
    }
  }
  return false;
}
