import type { ExecutorContext } from '@nx/devkit';
import { compareRevisions } from '../../affected/compare-revisions';
import type { DeploymentServices } from '../../deployment/deployment';
import type { NormalizedOptions } from '../../workspace/plugin-options';

export interface SkipRequest {
  readonly options: {
    readonly onlyIfAffected?: boolean;
    readonly affectedBase?: string;
    readonly affectedHead?: string;
  };
  readonly context: ExecutorContext;
  readonly project: string;
  readonly stack: string;
  readonly services: DeploymentServices;
  readonly pluginOptions: NormalizedOptions;
}

/**
 * Says why a stack need not be deployed, if that is asked for: nothing that it receives has changed since the base
 * revision, nor has its program, nor what it reads of other stacks.
 */
export async function reasonToSkip(request: SkipRequest): Promise<string | undefined> {
  const { options, context, project, stack, services, pluginOptions } = request;
  if (options.onlyIfAffected !== true) return undefined;
  const { affected, base, head } = await compareRevisions({
    workspaceRoot: context.root,
    options: pluginOptions,
    nxJson: context.nxJsonConfiguration as Parameters<typeof compareRevisions>[0]['nxJson'],
    env: services.cli.baseEnv,
    signal: services.signal,
    environment: stack,
    includesDownstream: true,
    readGraph: () => Promise.resolve(context.projectGraph),
    ...(options.affectedBase !== undefined && { base: options.affectedBase }),
    ...(options.affectedHead !== undefined && { head: options.affectedHead }),
  });
  if (affected.some((each) => each.project === project && each.environment === stack)) return undefined;
  return `skipped: nothing that the stack receives differs between ${base.slice(0, 9)} and ${head?.slice(0, 9) ?? 'the files as they are'}`;
}
