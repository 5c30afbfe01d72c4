const LIMIT = 256 * 1024;

/** Keeps the end of what a child printed. */
export class TailBuffer {
  #chunks: Buffer[] = [];
  #length = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length - (this.#chunks[0]?.length ?? 0) > LIMIT) this.#length -= this.#chunks.shift()?.length ?? 0;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

const RESOURCE_LINE =
  /^\s+(?:[+~-]{1,2}|\+-|-\+)?\s*(\d+) (created|updated|deleted|replaced|unchanged|imported|refreshed|read|to create|to update|to delete|to replace)\s*$/;

/** Reads the counts under the last `Resources:` that pulumi printed, by operation. */
export function readResourceCounts(output: string): Readonly<Record<string, number>> {
  const section = output
    .slice(output.lastIndexOf('\nResources:') + 1)
    .split('\n')
    .slice(1);
  const counts: Record<string, number> = {};
  for (const line of section) {
    const [, count, operation] = RESOURCE_LINE.exec(line) ?? [];
    if (operation !== undefined) counts[operation] = Number(count);
  }
  return counts;
}

/** Prints such counts on one line. */
export function describeResources(resources: Readonly<Record<string, number>>): string {
  const counts = Object.entries(resources).map(([operation, count]) => `${count} ${operation}`);
  return counts.length === 0 ? 'done' : counts.join(', ');
}
