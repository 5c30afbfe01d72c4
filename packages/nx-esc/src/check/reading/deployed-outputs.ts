import { type Environment } from '../../pulumi/environment';
import { resolveBackend } from '../../pulumi/backend-url';
import { parseStackName, shortStackName } from '../../pulumi/stack-name';
import { readStateFile, UNREADABLE } from '../../pulumi/state-file';
import type { WorkspaceIndex } from '../../workspace/workspace-index';

/**
 * The names of the outputs of deployed stacks, as far as their states lie in folders of this machine. No value is kept,
 * and nothing is decrypted.
 */
export class DeployedOutputs {
  readonly #names = new Map<string, readonly string[] | undefined>();

  constructor(
    readonly index: WorkspaceIndex,
    readonly env: Environment,
  ) {}

  /** Looks for the state of a stack, once. */
  async load(reference: string): Promise<void> {
    const name = parseStackName(reference);
    if (name === undefined || this.#names.has(shortStackName(name))) return;
    this.#names.set(shortStackName(name), undefined);
    const project = this.index.findPulumiProject(name.project);
    const folder = project?.folder ?? this.index.workspaceRoot;
    const backend = resolveBackend(this.env, project?.backendUrl, folder);
    if (backend.folder === undefined) return;
    try {
      const state = await readStateFile(backend.folder, name);
      if (state === undefined || state === UNREADABLE) return;
      const { outputs } = state;
      if (outputs instanceof Map) this.#names.set(shortStackName(name), [...(outputs as Map<string, unknown>).keys()]);
    } catch {
      // A damaged state is for the deployment to complain about.
    }
  }

  /** Names of a deployed stack's outputs; undefined for one whose state was not found. */
  of(stack: string): readonly string[] | undefined {
    return this.#names.get(stack);
  }
}
