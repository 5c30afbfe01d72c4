import { randomUUID } from 'node:crypto';
import type { EnvironmentDetails } from './environment-store';

/** The details of an environment that has none yet. */
export function createDetails(created: string): EnvironmentDetails {
  return { id: randomUUID(), created, deletionProtected: false, tags: [], revisionTags: [], retractions: [] };
}
