import type { Backend, BackendRequest, EvaluatedEnvironment } from '../backend';
import type { EnvironmentIndex } from '../local/environment-index';
import { readEnvironmentName } from '../local/read-environment-name';
import { diagnosticsOf, readFields, rootOfEnvironment } from './api-values';
import { DefinitionError, unintelligible } from './cloud-failure';
import { type CloudName, type EscClient } from './esc-client';
import { type DiagnosedRoot, failureOfDefinition, fileOfRange, locateDiagnostics } from './located-diagnostics';

export interface CloudBackendOptions {
  readonly workspaceRoot: string;
  readonly organization?: string;
  /** Finds the files of the workspace that diagnostics are about. */
  readonly index: EnvironmentIndex;
  readonly client: EscClient;
}

const DEFAULT_PROJECT = 'default';

/** Checks and opens environments in Pulumi Cloud, or in another service that speaks its API. */
export class CloudBackend implements Backend {
  constructor(readonly options: CloudBackendOptions) {}

  async check({ source }: BackendRequest): Promise<EvaluatedEnvironment> {
    const { client } = this.options;
    if (source.kind === 'anonymous') {
      const organization = await this.#organization();
      return this.#evaluate('', source.file, () => client.check(organization, source.text));
    }
    const name = await this.resolve(source.ref);
    return this.#evaluate(localName(name), this.#fileOf(name), async () => {
      const { text } = await client.definition(name);
      return client.check(name.organization, text);
    });
  }

  async open({ source }: BackendRequest): Promise<EvaluatedEnvironment> {
    const { client } = this.options;
    if (source.kind === 'anonymous') {
      const organization = await this.#organization();
      return this.#evaluate('', source.file, () => client.openDocument(organization, source.text));
    }
    const name = await this.resolve(source.ref);
    return this.#evaluate(localName(name), this.#fileOf(name), () => client.open(name));
  }

  /**
   * The environment that a name means.
   *
   * @throws Failure config/invalid-env-name
   */
  async resolve(written: string): Promise<CloudName> {
    const parsed = readEnvironmentName(written, '[organization/]project/environment[@version]');
    const { project = DEFAULT_PROJECT, environment, version } = parsed;
    const organization = parsed.organization ?? (await this.#organization());
    return { organization, project, environment, ...(version !== undefined && { version }) };
  }

  async #organization(): Promise<string> {
    const { organization, client } = this.options;
    return organization ?? client.defaultOrganization();
  }

  async #evaluate(name: string, file: string | undefined, ask: () => Promise<string>): Promise<EvaluatedEnvironment> {
    const { workspaceRoot, index } = this.options;
    const root: DiagnosedRoot = { workspaceRoot, index, file };
    try {
      const fields = readFields(await ask());
      if (fields === undefined) throw unintelligible(this.options.client.url);
      const diagnostics = diagnosticsOf(fields);
      if (diagnostics.some(({ severity }) => severity === 'error')) throw new DefinitionError('', diagnostics);
      return {
        name,
        root: rootOfEnvironment(fields),
        environment: null,
        warnings: locateDiagnostics(diagnostics, root),
        files: [],
        stacks: [],
        fileOf: (environment) => fileOfRange(environment, root),
      };
    } catch (error) {
      if (error instanceof DefinitionError) throw failureOfDefinition(error.diagnostics, root);
      throw error;
    }
  }

  #fileOf(name: CloudName): string | undefined {
    return this.options.index.fileOf(localName(name));
  }
}

function localName({ project, environment }: CloudName): string {
  return `${project}/${environment}`;
}
