import { existsSync } from 'node:fs';
import { join } from 'node:path';

const EXTENSIONS = ['yaml', 'yml'];

/** The file of a stack's configuration; where it is not there yet, the one that `pulumi` would create. */
export function stackFileOf(folder: string, stack: string): string {
  const candidates = EXTENSIONS.map((extension) => join(folder, `Pulumi.${stack}.${extension}`));
  return candidates.find((file) => existsSync(file)) ?? (candidates[0] as string);
}
