import { parseEnvironment } from 'esc-eval';
import { parseEnvironmentName } from '../../backends/local/environment-name';
import { LATEST, numberOf } from '../environments';
import { countIn, ENVIRONMENT, json, nameIn, type Route } from './route';

/** Which environments import another, by the revision that they import. */
export const REFERRER_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: `${ENVIRONMENT}/referrers`,
    async handle(request, { environments, organization, pageSize }) {
      const name = nameIn(request);
      const { head, details } = await environments.get(name);
      const isAll = request.query.allRevisions === 'true';
      const after = request.query.continuationToken ?? '';
      const count = countIn(request.query.count, pageSize);
      const found: { readonly revision: number; readonly importer: string; readonly importerRevision: number }[] = [];
      let next: string | undefined;
      for (const importer of (await environments.store.names()).filter((candidate) => candidate > after)) {
        if (found.length >= count) {
          next = found.at(-1)?.importer;
          break;
        }
        const stored = await environments.store.read(importer);
        const version = stored && importedVersion(importer, stored.head.text, name, organization);
        const revision = version === undefined ? undefined : numberOf(version, head, details);
        if (stored === undefined || revision === undefined || (!isAll && revision !== head.number)) continue;
        found.push({ revision, importer, importerRevision: stored.head.number });
      }
      const referrers: Record<string, object[]> = {};
      for (const { revision, importer, importerRevision } of found) {
        const [project, environment] = importer.split('/');
        (referrers[revision] ??= []).push({ environment: { project, name: environment, revision: importerRevision } });
      }
      return json({ referrers, ...(next !== undefined && { continuationToken: next }) });
    },
  },
];

/** The version of an environment that a text imports; undefined where it imports none. */
function importedVersion(importer: string, text: string, name: string, organization: string): string | undefined {
  const { declaration } = parseEnvironment(importer, text);
  for (const written of declaration?.imports.map((declared) => declared.name) ?? []) {
    const parsed = parseEnvironmentName(written);
    if (parsed === undefined || (parsed.organization ?? organization) !== organization) continue;
    const own = importer.split('/')[0];
    const isMeant = (project: string | undefined): boolean => `${project}/${parsed.environment}` === name;
    if (parsed.project === undefined ? isMeant('default') || isMeant(own) : isMeant(parsed.project))
      return parsed.version ?? LATEST;
  }
  return undefined;
}
