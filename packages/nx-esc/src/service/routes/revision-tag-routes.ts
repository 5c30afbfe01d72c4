import { LATEST, numberOf, retractionOf } from '../environments';
import { checkRevisionTag } from '../names';
import { notFound, ServiceError } from '../service-error';
import type { RevisionTag, StoredEnvironment } from '../stores/environment-store';
import { countIn, ENVIRONMENT, json, jsonOf, nameIn, noContent, type Route } from './route';

const TAGS = `${ENVIRONMENT}/versions/tags`;

/** Names for revisions. `latest` is always there, and cannot be moved. */
export const REVISION_TAG_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: TAGS,
    async handle(request, { environments, pageSize }) {
      const { after = '' } = request.query;
      const tags = tagsOf(await environments.get(nameIn(request))).filter(({ name }) => name > after);
      const page = tags.slice(0, countIn(request.query.count, pageSize));
      return json({ tags: page.map(describe), nextToken: page.length < tags.length ? (page.at(-1)?.name ?? '') : '' });
    },
  },
  {
    method: 'POST',
    path: TAGS,
    writes: true,
    async handle(request, { environments, user }) {
      const body = jsonOf(request);
      const name = checkRevisionTag(body.name);
      await environments.change(nameIn(request), (stored) => {
        if (stored.details.revisionTags.some((tag) => tag.name === name))
          throw new ServiceError(409, `there is a tagged version ${name} already`);
        return putTag(stored, name, body.revision, user);
      });
      return noContent();
    },
  },
  {
    method: 'GET',
    path: `${TAGS}/:tag`,
    async handle(request, { environments }) {
      const tags = tagsOf(await environments.get(nameIn(request)));
      return json(describe(findTag(tags, request.params.tag)));
    },
  },
  {
    method: 'PATCH',
    path: `${TAGS}/:tag`,
    writes: true,
    async handle(request, { environments, user }) {
      const name = checkRevisionTag(request.params.tag);
      const { revision } = jsonOf(request);
      await environments.change(nameIn(request), (stored) => {
        findTag(stored.details.revisionTags, name);
        return putTag(stored, name, revision, user);
      });
      return noContent();
    },
  },
  {
    method: 'DELETE',
    path: `${TAGS}/:tag`,
    writes: true,
    async handle(request, { environments }) {
      const name = checkRevisionTag(request.params.tag);
      await environments.change(nameIn(request), ({ details }) => {
        findTag(details.revisionTags, name);
        return { ...details, revisionTags: details.revisionTags.filter((tag) => tag.name !== name) };
      });
      return noContent();
    },
  },
];

function findTag(tags: readonly RevisionTag[], name: string | undefined): RevisionTag {
  const tag = tags.find((candidate) => candidate.name === name);
  if (tag === undefined) throw notFound(`tagged version ${name}`);
  return tag;
}

function tagsOf({ head, details }: StoredEnvironment): RevisionTag[] {
  const { number: revision, created, creator: editor } = head;
  return sorted([...details.revisionTags, { name: LATEST, revision, created, modified: created, editor }]);
}

/** Points a tag to a revision; to the latest where none is given. */
function putTag(
  { head, details }: StoredEnvironment,
  name: string,
  revision: unknown,
  editor: string,
): StoredEnvironment['details'] {
  const number = numberOf(revision === undefined || revision === null ? LATEST : String(revision), head, details);
  if (number === undefined) throw new ServiceError(400, `there is no revision ${String(revision)}`);
  if (retractionOf(details, number)) throw new ServiceError(400, `revision ${number} has been retracted`);
  const modified = new Date().toISOString();
  const known = details.revisionTags.find((tag) => tag.name === name);
  const others = details.revisionTags.filter((tag) => tag !== known);
  const tag = { name, revision: number, created: known?.created ?? modified, modified, editor };
  return { ...details, revisionTags: sorted([...others, tag]) };
}

function sorted(tags: readonly RevisionTag[]): RevisionTag[] {
  return [...tags].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe({ name, revision, created, modified, editor }: RevisionTag): object {
  return { name, revision, created, modified, editorLogin: editor, editorName: editor };
}
