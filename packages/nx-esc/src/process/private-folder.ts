import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder under the system's temporary folder that only this user can read, for files a child must have. */
export class PrivateFolder {
  readonly path: string;
  readonly #removeOnExit = (): void => this.remove();

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'nx-esc-'));
    process.once('exit', this.#removeOnExit);
  }

  /** Writes a file with mode 0600 and answers its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    return path;
  }

  remove(): void {
    process.removeListener('exit', this.#removeOnExit);
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Leaves the removal to another process that outlives this one. */
  handOver(): void {
    process.removeListener('exit', this.#removeOnExit);
  }
}
