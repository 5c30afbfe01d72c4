/** Counts the edits, byte by byte, that turn one text into another (Levenshtein). */
export function editDistance(left: string, right: string): number {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] as number) + 1,
          (current[column - 1] as number) + 1,
          (previous[column - 1] as number) + cost,
        ),
      );
    }
    previous = current;
  }
  return previous[b.length] as number;
}

/** Folds a name as the reference does before it compares: lower case, without underscores. */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

/**
 * Finds the candidate nearest to a misspelt name (language reference, section 9): its distance must be strictly below
 * half of the name's length in bytes, rounded up. `candidates` are in the order in which ties are decided.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const folded = foldName(name);
  let best: string | undefined;
  let bestDistance = Math.floor((Buffer.byteLength(folded) + 1) / 2);
  for (const candidate of candidates) {
    const distance = editDistance(folded, foldName(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Sorts names by their distance to a name, keeping the given order on ties. */
export function sortByDistance(name: string, candidates: readonly string[]): string[] {
  const folded = foldName(name);
  return [...candidates].sort((a, b) => editDistance(folded, foldName(a)) - editDistance(folded, foldName(b)));
}
