import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration, EscRawApi } from '@pulumi/esc-sdk';
import type { HttpAnswer } from '../../network/request';
import type { TimeLimit } from '../../network/time-limit';
import { listIn, readFields, readList, type Revision, revisionOf, textOf } from './api-values';
import { expectSuccess, unintelligible } from './cloud-failure';
import { CloudTransport } from './cloud-transport';

export interface EscClientOptions {
  /** URL of the service, with the prefix of its paths if it has one. */
  readonly url: string;
  readonly signal: AbortSignal;
  readonly timeLimit: TimeLimit;
  readonly accessToken: () => Promise<string>;
}

/** An environment in the service. */
export interface CloudName {
  readonly organization: string;
  readonly project: string;
  readonly environment: string;
  readonly version?: string;
}

/** The definition of an environment, and which one it is. */
export interface CloudDefinition {
  readonly text: string;
  readonly etag: string;
  readonly revision: number;
}

interface Sdk {
  readonly api: EscRawApi;
  readonly transport: CloudTransport;
  readonly configuration: Configuration;
}

/** Answers come as text: what reads JSON must not round numbers, nor take a definition for an object. */
type Answered = Promise<{ readonly data: unknown }>;

/** The ESC API of a service: @pulumi/esc-sdk makes the requests, which are sent with our time limits and repetitions. */
export class EscClient {
  #sdk: Promise<Sdk> | undefined;
  #organization: Promise<string> | undefined;

  constructor(readonly options: EscClientOptions) {}

  get url(): string {
    return this.options.url;
  }

  /** The organization of those who name none. */
  defaultOrganization(): Promise<string> {
    return (this.#organization ??= this.#findOrganization());
  }

  async open(name: CloudName): Promise<string> {
    const what = describeName(name);
    const at = partsOf(name);
    const { version } = name;
    const opened = await this.#send(what, ({ api }) =>
      version === undefined ? api.openEnvironment(...at) : api.openEnvironmentAtVersion(...at, version),
    );
    const id = this.#idIn(opened);
    return (await this.#send(what, ({ api }) => api.readOpenEnvironment(...at, id))).text;
  }

  /** Opens a document that is no environment. The SDK has no method for it. */
  async openDocument(organization: string, text: string): Promise<string> {
    const path = `/api/esc/environments/${encodeURIComponent(organization)}/yaml/open`;
    const what = 'the environment of the stack';
    const id = this.#idIn(await this.#fetch(what, path, { method: 'POST', body: text }));
    return (await this.#fetch(what, `${path}/${encodeURIComponent(id)}`)).text;
  }

  async check(organization: string, text: string): Promise<string> {
    return (await this.#send('the environment', ({ api }) => api.checkEnvironmentYaml(organization, text))).text;
  }

  async definition(name: CloudName): Promise<CloudDefinition> {
    const at = partsOf(name);
    const { version } = name;
    const answer = await this.#send(describeName(name), ({ api }) =>
      version === undefined ? api.getEnvironment(...at) : api.getEnvironmentAtVersion(...at, version),
    );
    return this.#definitionIn(answer, answer.text);
  }

  /** The definition with its secrets in plain text. */
  async decrypted(name: CloudName): Promise<CloudDefinition> {
    const answer = await this.#send(describeName(name), ({ api }) => api.decryptEnvironment(...partsOf(name)));
    return this.#definitionIn(answer, answer.text);
  }

  /** Adds an environment that holds nothing. False where there is one of that name. */
  async create({ organization, project, environment }: CloudName): Promise<boolean> {
    const what = describeName({ organization, project, environment });
    const { status } = await this.#send(
      what,
      ({ api }) => api.createEnvironment(organization, { project, name: environment }),
      (answered) => answered === 409,
    );
    return status !== 409;
  }

  /** The last revisions of an environment, newest first. */
  async revisions(name: CloudName, count: number): Promise<Revision[]> {
    const answer = await this.#send(describeName(name), ({ api }) =>
      api.listEnvironmentRevisions(...partsOf(name), undefined, count),
    );
    const revisions = readList(answer.text);
    if (revisions === undefined) throw unintelligible(this.url);
    return revisions.map(revisionOf);
  }

  /** Every environment of an organization, as `project/environment`. */
  async environments(organization: string): Promise<string[]> {
    const found: string[] = [];
    for (let token: string | undefined; ;) {
      const page = await this.#send(organization, ({ api }) => api.listEnvironments(organization, token));
      const fields = readFields(page.text);
      if (fields === undefined) throw unintelligible(this.url);
      for (const listed of listIn(fields, 'environments'))
        found.push(`${textOf(listed.get('project'))}/${textOf(listed.get('name'))}`);
      const next = textOf(fields.get('nextToken'));
      if (next === undefined || next === '' || next === token) return found;
      token = next;
    }
  }

  /** What an environment is marked with under a name. */
  async tag(name: CloudName, tag: string): Promise<string | undefined> {
    const answer = await this.#send(
      describeName(name),
      ({ api }) => api.getEnvironmentTag(...partsOf(name), tag),
      isMissing,
    );
    return answer.status === 404 ? undefined : textOf(readFields(answer.text)?.get('value'));
  }

  /** Marks an environment. False where somebody else has changed the mark, which was `before`. */
  async setTag(name: CloudName, tag: string, value: string, before: string | undefined): Promise<boolean> {
    const { status } = await this.#send(
      describeName(name),
      ({ api }) =>
        before === undefined
          ? api.createEnvironmentTag(...partsOf(name), { name: tag, value })
          : api.updateEnvironmentTag(...partsOf(name), tag, {
              currentTag: { value: before },
              newTag: { name: tag, value },
            }),
      (answered) => answered === 409 || answered === 404,
    );
    return status < 400;
  }

  /**
   * Replaces a definition, if it is still the one with the tag.
   *
   * @throws Failure config/remote-changed
   */
  async update(name: CloudName, text: string, etag: string): Promise<CloudDefinition> {
    const answer = await this.#send(describeName(name), ({ api }) =>
      api.updateEnvironmentYaml(...partsOf(name), text, { headers: { ETag: etag } }),
    );
    return this.#definitionIn(answer, text);
  }

  #definitionIn(answer: HttpAnswer, text: string): CloudDefinition {
    const etag = answer.headers.get('etag');
    const revision = Number(answer.headers.get('pulumi-esc-revision') ?? Number.NaN);
    if (etag === null || !Number.isInteger(revision)) throw unintelligible(this.url);
    return { text, etag, revision };
  }

  #idIn(answer: HttpAnswer): string {
    const id = textOf(readFields(answer.text)?.get('id'));
    if (id === undefined) throw unintelligible(this.url);
    return id;
  }

  async #findOrganization(): Promise<string> {
    const preferred = await this.#fetch('the organization', '/api/user/organizations/default', {}, isMissing);
    const named = textOf(readFields(preferred.text)?.get('gitHubLogin'));
    if (preferred.status !== 404 && named !== undefined && named !== '') return named;
    const login = textOf(readFields((await this.#fetch('the user', '/api/user')).text)?.get('githubLogin'));
    if (login === undefined || login === '') throw unintelligible(this.url);
    return login;
  }

  async #send(what: string, ask: (sdk: Sdk) => Answered, accepts?: (status: number) => boolean): Promise<HttpAnswer> {
    const answer = (await ask(await this.#load())).data as HttpAnswer;
    return expectSuccess(answer, { url: this.url, what, ...(accepts && { accepts }) });
  }

  async #fetch(
    what: string,
    path: string,
    { method = 'GET', body }: { readonly method?: 'GET' | 'POST'; readonly body?: string } = {},
    accepts?: (status: number) => boolean,
  ): Promise<HttpAnswer> {
    const { transport, configuration } = await this.#load();
    const { data } = await transport.request({
      url: `${this.url}${path}`,
      method,
      headers: {
        ...(configuration.baseOptions as { readonly headers: Readonly<Record<string, string>> }).headers,
        Authorization: `token ${await this.options.accessToken()}`,
        'Content-Type': 'application/x-yaml',
      },
      ...(body !== undefined && { data: body }),
    });
    return expectSuccess(data, { url: this.url, what, ...(accepts && { accepts }) });
  }

  #load(): Promise<Sdk> {
    return (this.#sdk ??= this.#create());
  }

  async #create(): Promise<Sdk> {
    const { url } = this.options;
    const accessToken = await this.options.accessToken();
    const { Configuration: SdkConfiguration, EscRawApi: RawApi } = await import('@pulumi/esc-sdk');
    // Set afterwards: a base path that is given to the SDK's own client loses its port.
    const configuration = new SdkConfiguration({
      accessToken,
      baseOptions: { headers: { 'User-Agent': `nx-esc/${version()}`, Accept: 'application/vnd.pulumi+8' } },
    });
    configuration.basePath = `${url}/api/esc`;
    const transport = new CloudTransport(this.options);
    return { api: new RawApi(configuration, configuration.basePath, transport.asAxios()), transport, configuration };
  }
}

function isMissing(status: number): boolean {
  return status === 404;
}

function describeName({ organization, project, environment, version: at }: CloudName): string {
  return `${organization}/${project}/${environment}${at === undefined ? '' : `@${at}`}`;
}

function partsOf({ organization, project, environment }: CloudName): [string, string, string] {
  return [organization, project, environment];
}

function version(): string {
  const file = join(__dirname, '..', '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
