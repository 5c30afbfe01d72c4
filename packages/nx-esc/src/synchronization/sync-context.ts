import type { Keyring } from '../encryption/keyring';
import type { SecretsContext } from '../workspace/environment-secrets';
import type { Git } from '../workspace/git';
import type { WorkspaceIndex } from '../workspace/workspace-index';
import type { RemoteEnvironments } from './remote-environments';

/** What it takes to compare the environments of the workspace with those of the service, and to bring them together. */
export interface SyncContext extends Required<SecretsContext> {
  readonly index: WorkspaceIndex;
  readonly git: Git;
  readonly remotes: RemoteEnvironments;
  readonly keyring: Keyring;
}
