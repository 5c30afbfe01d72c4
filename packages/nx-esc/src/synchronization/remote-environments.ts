import { diagnosticsOf, readFields, type Revision } from '../backends/cloud/api-values';
import { DefinitionError } from '../backends/cloud/cloud-failure';
import type { CloudDefinition, CloudName, EscClient } from '../backends/cloud/esc-client';
import { parseEnvironmentName } from '../backends/local/environment-name';
import { Failure } from '../failures/failure';
import { formatMark, MARK_TAG, parseMark, type SyncMark } from './sync-mark';

/** An environment as the service has it. */
export interface RemoteEnvironment extends CloudDefinition {
  readonly mark?: SyncMark;
  /** The tag as it stands, whether or not it can be read. */
  readonly tag?: string;
}

/** The environments of an organization in the service, by `project/environment`. */
export class RemoteEnvironments {
  #organization: Promise<string> | undefined;

  constructor(
    readonly client: EscClient,
    readonly organization: string | undefined,
  ) {}

  /** The name in the service. */
  async nameOf(environment: string): Promise<CloudName> {
    const [project = '', name = ''] = environment.split('/');
    return { organization: await this.#organizationName(), project, environment: name };
  }

  /** Undefined where there is none. */
  async read(environment: string): Promise<RemoteEnvironment | undefined> {
    const name = await this.nameOf(environment);
    const definition = await unlessMissing(this.client.definition(name));
    if (definition === undefined) return undefined;
    const tag = await this.client.tag(name, MARK_TAG);
    const mark = tag === undefined ? undefined : parseMark(tag);
    return { ...definition, ...(tag !== undefined && { tag }), ...(mark !== undefined && { mark }) };
  }

  /** The text of an earlier revision; undefined where it cannot be read any more. */
  async textAt(environment: string, revision: number): Promise<string | undefined> {
    const name = { ...(await this.nameOf(environment)), version: String(revision) };
    return (await unlessMissing(this.client.definition(name)))?.text;
  }

  /**
   * The text with its secrets decrypted.
   *
   * @throws Failure config/remote-changed where it is not the one that was read any more
   */
  async decrypted(environment: string, { etag }: RemoteEnvironment): Promise<string> {
    const definition = await this.client.decrypted(await this.nameOf(environment));
    if (definition.etag !== etag) throw changedMeanwhile(environment);
    return definition.text;
  }

  /** Adds an environment that holds nothing, if there is none of that name, and answers what there is. */
  async create(environment: string): Promise<RemoteEnvironment> {
    await this.client.create(await this.nameOf(environment));
    const created = await this.read(environment);
    if (created === undefined) throw changedMeanwhile(environment);
    return created;
  }

  /** @throws Failure config/remote-changed, DefinitionError */
  async update(environment: string, text: string, etag: string): Promise<CloudDefinition> {
    return this.client.update(await this.nameOf(environment), text, etag);
  }

  /** Writes down what a revision was made from. False where somebody else has done so meanwhile. */
  async writeMark(environment: string, mark: SyncMark, before: string | undefined): Promise<boolean> {
    return this.client.setTag(await this.nameOf(environment), MARK_TAG, formatMark(mark), before);
  }

  /** The last revisions, newest first. */
  async revisions(environment: string, count: number): Promise<Revision[]> {
    return this.client.revisions(await this.nameOf(environment), count);
  }

  /**
   * Checks a text as the service would when it gets it.
   *
   * @throws DefinitionError
   */
  async check(text: string): Promise<void> {
    const fields = readFields(await this.client.check(await this.#organizationName(), text));
    const diagnostics = fields === undefined ? [] : diagnosticsOf(fields);
    if (diagnostics.some(({ severity }) => severity === 'error')) throw new DefinitionError('', diagnostics);
  }

  /** Every `project/environment`. */
  async names(): Promise<string[]> {
    const names = await this.client.environments(await this.#organizationName());
    return names.filter((name) => parseEnvironmentName(name)?.project !== undefined);
  }

  #organizationName(): Promise<string> {
    return (this.#organization ??=
      this.organization === undefined ? this.client.defaultOrganization() : Promise.resolve(this.organization));
  }
}

async function unlessMissing<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof Failure && error.code === 'environment-not-found') return undefined;
    throw error;
  }
}

function changedMeanwhile(environment: string): Failure {
  return new Failure({
    class: 'config',
    code: 'remote-changed',
    message: `${environment} was changed in the service meanwhile`,
    hint: 'nothing was overwritten: run it again',
  });
}
