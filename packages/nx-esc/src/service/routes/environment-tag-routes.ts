import { randomUUID } from 'node:crypto';
import { checkEnvironmentTag } from '../names';
import { notFound, ServiceError } from '../service-error';
import type { EnvironmentTag } from '../stores/environment-store';
import { countIn, ENVIRONMENT, json, jsonOf, nameIn, noContent, type Route } from './route';

const TAGS = `${ENVIRONMENT}/tags`;
/** Clients ask for further pages until they get this. */
const LAST_PAGE = '0';

/** Names and values that environments are marked with. */
export const ENVIRONMENT_TAG_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: TAGS,
    async handle(request, { environments, pageSize }) {
      const { after = '' } = request.query;
      const { details } = await environments.get(nameIn(request));
      const tags = details.tags.filter(({ name }) => after === LAST_PAGE || name > after);
      const page = tags.slice(0, countIn(request.query.count, pageSize));
      return json({
        tags: Object.fromEntries(page.map((tag) => [tag.name, describe(tag)])),
        nextToken: page.length < tags.length ? page.at(-1)?.name : LAST_PAGE,
      });
    },
  },
  {
    method: 'POST',
    path: TAGS,
    writes: true,
    async handle(request, { environments, user }) {
      const body = jsonOf(request);
      const name = checkEnvironmentTag(body.name);
      const value = textValue(body.value);
      const created = new Date().toISOString();
      const tag = { id: randomUUID(), name, value, created, modified: created, editor: user };
      await environments.change(nameIn(request), ({ details }) => {
        refuseTaken(details.tags, name);
        return { ...details, tags: sorted([...details.tags, tag]) };
      });
      return json(describe(tag));
    },
  },
  {
    method: 'GET',
    path: `${TAGS}/:tag`,
    async handle(request, { environments }) {
      const { details } = await environments.get(nameIn(request));
      return json(describe(findTag(details.tags, request.params.tag)));
    },
  },
  {
    method: 'PATCH',
    path: `${TAGS}/:tag`,
    writes: true,
    async handle(request, { environments, user }) {
      const { currentTag, newTag } = jsonOf(request) as Readonly<Record<string, { name?: unknown; value?: unknown }>>;
      const details = await environments.change(nameIn(request), ({ details }) => {
        const tag = findTag(details.tags, request.params.tag);
        if (currentTag?.value !== undefined && currentTag.value !== tag.value)
          throw new ServiceError(409, `tag ${tag.name} has another value by now`);
        const name = checkEnvironmentTag(newTag?.name ?? tag.name);
        const others = details.tags.filter((other) => other !== tag);
        refuseTaken(others, name);
        const value = newTag?.value === undefined ? tag.value : textValue(newTag.value);
        const changed = { ...tag, name, value, modified: new Date().toISOString(), editor: user };
        return { ...details, tags: sorted([...others, changed]) };
      });
      const name = newTag?.name === undefined ? request.params.tag : String(newTag.name);
      return json(describe(findTag(details.tags, name)));
    },
  },
  {
    method: 'DELETE',
    path: `${TAGS}/:tag`,
    writes: true,
    async handle(request, { environments }) {
      await environments.change(nameIn(request), ({ details }) => {
        const tag = findTag(details.tags, request.params.tag);
        return { ...details, tags: details.tags.filter((other) => other !== tag) };
      });
      return noContent();
    },
  },
];

function findTag(tags: readonly EnvironmentTag[], name: string | undefined): EnvironmentTag {
  const tag = tags.find((candidate) => candidate.name === name);
  if (tag === undefined) throw notFound(`tag ${name}`);
  return tag;
}

function refuseTaken(tags: readonly EnvironmentTag[], name: string): void {
  if (tags.some((tag) => tag.name === name)) throw new ServiceError(409, `there is a tag ${name} already`);
}

function textValue(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new ServiceError(400, 'a tag needs a value that is a text');
}

function sorted(tags: readonly EnvironmentTag[]): EnvironmentTag[] {
  return [...tags].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe({ editor, ...tag }: EnvironmentTag): object {
  return { ...tag, editorLogin: editor, editorName: editor };
}
