import type { WorkspaceService } from './serve-workspace';
import type { AnsweredRequest } from './server';

/** Says where a service is and how clients are pointed at it; the token itself is in its file alone. */
export function describeService({ url, exports }: WorkspaceService, store: string): string[] {
  return [
    `serving Pulumi ESC environments (${store}) at ${url}`,
    'point pulumi env, @pulumi/esc-sdk and others here:',
    ...exports.map((line) => `  ${line}`),
  ];
}

/** One line about a request. */
export function describeAnswered({ method, route, status, milliseconds, client }: AnsweredRequest): string {
  return `${method} ${route ?? '(no route)'} ${status} ${milliseconds.toFixed(1)} ms ${JSON.stringify(client ?? '')}`;
}
