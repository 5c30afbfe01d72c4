import { randomUUID } from 'node:crypto';
import {
  applyRotationPatches,
  parsePropertyPath,
  type PathSegment,
  PropertyPathError,
  type RotationOutcome,
  type RotationResult,
} from 'esc-eval';
import { refuseErrors } from '../evaluator';
import { ServiceError } from '../service-error';
import { diagnosticsPart, ENVIRONMENT, json, jsonOf, nameIn, type Route } from './route';

/** A rotation that is broken off has made secrets that nobody knows: it goes on whoever waits for it. */
const UNTIL_DONE = new AbortController().signal;

/** Rotating the secrets of environments. */
export const ROTATION_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: `${ENVIRONMENT}/rotate`,
    writes: true,
    async handle(request, { environments, evaluator, user }) {
      if (environments.keeper === undefined)
        throw new ServiceError(400, 'rotation writes secrets, and this workspace has no encryption for its files');
      const name = nameIn(request);
      await environments.assertEncrypts(name);
      const paths = pathsIn(jsonOf(request));
      const created = new Date().toISOString();
      let result: RotationResult | undefined;
      let preRotationRevision = 0;
      // Nobody may change the definition between the rotation and the writing of the new state, which would be lost.
      const rotated = await environments.rewrite(name, async (head) => {
        preRotationRevision = head.number;
        result = await evaluator.rotate({ name, text: head.text }, paths, UNTIL_DONE);
        const patches = result.rotations.flatMap(({ patch }) => (patch === undefined ? [] : [patch]));
        if (patches.length > 0) return applyRotationPatches(name, head.text, patches);
        if (result.rotations.length === 0) refuseErrors(result.diagnostics, `rotating ${name}`);
        return undefined;
      });
      const { rotations = [], diagnostics = [] } = result ?? {};
      const id = randomUUID();
      return json({
        ...diagnosticsPart(diagnostics),
        secretRotationEvent: {
          id,
          environmentId: (await environments.get(name)).details.id,
          created,
          completed: new Date().toISOString(),
          preRotationRevision,
          ...(rotated !== undefined && { postRotationRevision: rotated.revision }),
          userID: user,
          status: rotations.every(hasSucceeded) ? 'succeeded' : 'failed',
          rotations: rotations.map((rotation) => describe(rotation, id)),
        },
      });
    },
  },
];

/** The client of Go writes `Paths`. */
function pathsIn(body: Readonly<Record<string, unknown>>): readonly (readonly PathSegment[])[] {
  const paths = body.Paths ?? body.paths ?? [];
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string'))
    throw new ServiceError(400, 'paths is a list of property paths');
  try {
    return paths.map(parsePropertyPath);
  } catch (error) {
    if (error instanceof PropertyPathError) throw new ServiceError(400, error.message);
    throw error;
  }
}

function describe(rotation: RotationOutcome, event: string): object {
  const { path, message, status } = rotation;
  return {
    id: `${event}/${path}`,
    environmentPath: path.replace(/^values\.?/, ''),
    status: hasSucceeded(rotation) ? 'succeeded' : 'failed',
    ...(!hasSucceeded(rotation) && { errorMessage: message ?? `the secret was ${status.replace('-', ' ')}` }),
  };
}

function hasSucceeded({ status }: RotationOutcome): boolean {
  return status === 'succeeded';
}
