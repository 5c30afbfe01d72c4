// Written from schema.json by npm run docs.

/** Generates workflows that check and preview pull requests, and deploy what has changed on the main branch, environment by environment, with OIDC and no stored credential. */
export interface CiGeneratorSchema {
  /** The CI. */
  readonly provider?: 'github' | 'gitlab';
  /** The environments, in the order in which a change is promoted. All that stacks are deployed for unless given, production last. */
  readonly environments?: readonly string[];
  /** The environment that pull requests are previewed for; the first unless given. */
  readonly preview?: string;
  /** The branch that is deployed; the default branch of nx.json unless given. */
  readonly branch?: string;
  /** How the work is shared out: one runner for each environment, waves of a job matrix, or Nx Agents. */
  readonly distribution?: 'none' | 'matrix' | 'nx-agents';
  /** Major version of Node.js. */
  readonly nodeVersion?: number;
  /** Leave the files unformatted. */
  readonly skipFormat?: boolean;
}
