import { LATEST, numberOf, retractionOf } from '../environments';
import { notFound, ServiceError } from '../service-error';
import type { EnvironmentDetails, Revision, StoredEnvironment } from '../stores/environment-store';
import { countIn, ENVIRONMENT, json, jsonOf, nameIn, noContent, type Route, VERSION } from './route';

/** The history of environments: list revisions, retract one. */
export const REVISION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: `${ENVIRONMENT}/versions`,
    async handle(request, { environments, pageSize }) {
      const name = nameIn(request);
      const { head, details } = await environments.get(name);
      // Clients begin with 0, which stands for the newest.
      const before = countIn(request.query.before, head.number + 1);
      const last = Math.max(1, before - countIn(request.query.count, pageSize));
      const numbers = Array.from({ length: Math.max(0, before - last) }, (_, index) => before - 1 - index);
      const revisions = await Promise.all(numbers.map((number) => environments.store.readRevision(name, number)));
      return json(revisions.flatMap((revision) => (revision === undefined ? [] : [describe(revision, head, details)])));
    },
  },
  {
    method: 'POST',
    path: `${VERSION}/retract`,
    writes: true,
    async handle(request, { environments, user }) {
      const { replacement, reason } = jsonOf(request);
      const version = request.params.version ?? '';
      await environments.change(nameIn(request), (stored) =>
        retract(stored, version, replacement, String(reason ?? ''), user),
      );
      return noContent();
    },
  },
];

/** Retracts a revision; tags that point to it are moved to the replacement, or else to the last good one before it. */
function retract(
  { head, details }: StoredEnvironment,
  version: string,
  replacementVersion: unknown,
  reason: string,
  by: string,
): EnvironmentDetails {
  const number = numberOf(version, head, details);
  if (number === undefined) throw notFound(`version ${version}`);
  if (number === head.number) throw new ServiceError(400, 'the latest revision may not be retracted: update first');
  if (retractionOf(details, number)) throw new ServiceError(409, `revision ${number} is retracted already`);
  const isGood = (candidate: number): boolean =>
    candidate > 0 && candidate !== number && !retractionOf(details, candidate);
  let replacement = number - 1;
  if (replacementVersion !== undefined && replacementVersion !== null) {
    replacement = numberOf(String(replacementVersion), head, details) ?? 0;
    if (!isGood(replacement)) throw new ServiceError(400, `${String(replacementVersion)} cannot replace the revision`);
  } else while (replacement > 0 && !isGood(replacement)) replacement -= 1;
  if (!isGood(replacement)) throw new ServiceError(400, 'there is no earlier revision to replace it: name one');
  const at = new Date().toISOString();
  return {
    ...details,
    retractions: [...details.retractions, { revision: number, replacement, at, by, reason }],
    revisionTags: details.revisionTags.map((tag) =>
      tag.revision === number ? { ...tag, revision: replacement, modified: at, editor: by } : tag,
    ),
  };
}

function describe({ number, created, creator }: Revision, head: Revision, details: EnvironmentDetails): object {
  const retraction = retractionOf(details, number);
  const tags = details.revisionTags.filter(({ revision }) => revision === number).map(({ name }) => name);
  return {
    number,
    created,
    creatorLogin: creator,
    creatorName: creator,
    tags: number === head.number ? [...tags, LATEST] : tags,
    ...(retraction !== undefined && {
      retracted: {
        replacement: retraction.replacement,
        at: retraction.at,
        byLogin: retraction.by,
        byName: retraction.by,
        reason: retraction.reason,
      },
    }),
  };
}
