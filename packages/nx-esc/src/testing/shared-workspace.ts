import { setMaxListeners } from 'node:events';
import { dirname } from 'node:path';
import { EscClient } from '../backends/cloud/esc-client';
import { Identities } from '../encryption/identities';
import { Keyring } from '../encryption/keyring';
import { captureProcess } from '../process/run-process';
import { findPulumi } from '../pulumi/find-pulumi';
import { compareSides } from '../synchronization/compare-sides';
import { pullEnvironments } from '../synchronization/pull-environments';
import { type PushedEnvironment, pushEnvironments } from '../synchronization/push-environments';
import { RemoteEnvironments } from '../synchronization/remote-environments';
import type { SyncContext } from '../synchronization/sync-context';
import { Git } from '../workspace/git';
import { normalizeOptions } from '../workspace/plugin-options';
import { indexWorkspace } from '../workspace/read-workspace';
import { Clone } from './clone';
import { FaultyProxy } from './faulty-proxy';
import type { PersonResult, RunOptions } from './person';
import { startTestService, type TestService } from './test-service';

export const BASE = 'apps/api/esc/base.yaml';
export const STAGING = 'apps/api/esc/staging.yaml';
/** The secret of api/staging. */
export const SECRET = 'correct-horse-battery';
const FILES = {
  'nx.json': JSON.stringify({ plugins: [{ plugin: 'nx-esc/plugin', options: { organization: 'acme' } }] }),
  '.gitignore': '.nx\n',
  'apps/api/project.json': JSON.stringify({ name: 'api' }),
  [BASE]: '# what all have in common\nvalues:\n  host: example.test # public\n  port: 8080\n',
  [STAGING]: `imports:
  - api/base

values:
  url: https://\${host}

  # the database
  database:
    password:
      fn::secret: ${SECRET}

  replicas: 2
`,
};

/** A workspace that several share, and the service that has its environments, behind a proxy that can break. */
export class SharedWorkspace {
  readonly #clones: Clone[] = [];
  /** Everything that commands printed. */
  printed = '';

  private constructor(
    readonly anna: Clone,
    readonly service: TestService,
    readonly proxy: FaultyProxy,
  ) {
    this.#clones.push(anna);
  }

  /** What all tests begin with: anna, who can open the secret of the one environment that has one. */
  static async createTemplate(): Promise<Clone> {
    const template = Clone.create(FILES, {});
    for (const args of [['keys', 'new'], ['recipient', 'add', 'anna'], ['encrypt']]) {
      const { code, stderr } = await template.run(args);
      if (code !== 0) throw new Error(stderr);
    }
    template.commit('Encrypt');
    return template;
  }

  static async start(template: Clone): Promise<SharedWorkspace> {
    const service = await startTestService();
    const proxy = await FaultyProxy.start(service.url);
    const env = { PULUMI_BACKEND_URL: proxy.url, PULUMI_ACCESS_TOKEN: service.token, NX_ESC_TIMEOUT: '10' };
    return new SharedWorkspace(template.fork(env), service, proxy);
  }

  /** A clone of somebody else, without a key. */
  join(name: string, options: { readonly isShallow?: boolean } = {}): Clone {
    const clone = this.anna.another(name, options);
    this.#clones.push(clone);
    return clone;
  }

  async attempt(clone: Clone, args: readonly string[], options: RunOptions = {}): Promise<PersonResult> {
    const result = await clone.run(args, options);
    this.printed += result.stdout + result.stderr;
    return result;
  }

  /** What a command that succeeds prints as its result. */
  async run(clone: Clone, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(clone, args);
    if (code !== 0) throw new Error(`${args.join(' ')}: exit code ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  /** What a command says that is refused. */
  async refuse(clone: Clone, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(clone, args);
    if (code !== 10 || stdout !== '' || /\n {4}at /.test(stderr))
      throw new Error(`${args.join(' ')}: exit code ${code}\n${stdout}${stderr}`);
    return stderr;
  }

  /** The real command, which edits what the service has. */
  async pulumi(...args: string[]): Promise<string> {
    const env = {
      PATH: `${dirname(findPulumi(process.env))}:${process.env.PATH ?? ''}`,
      HOME: this.anna.home,
      PULUMI_HOME: `${this.anna.home}/.pulumi`,
      PULUMI_BACKEND_URL: this.service.url,
      PULUMI_ACCESS_TOKEN: this.service.token,
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    };
    const result = await captureProcess({ command: 'pulumi', args: ['env', ...args], cwd: '/', env });
    if (result.code !== 0) throw new Error(`pulumi env ${args.join(' ')}: ${result.stderr}`);
    return result.stdout;
  }

  /** What the service has of an environment of the project. */
  async there(path: string): Promise<string> {
    return (await this.service.fetch(`/api/esc/environments/acme/api/${path}`)).text();
  }

  /** Pushes in this process, as the command does. */
  push(clone: Clone, names: readonly string[], { force = false } = {}): Promise<PushedEnvironment[]> {
    return pushEnvironments(this.contextOf(clone), names, { force, allowsUncommitted: false, isDryRun: false });
  }

  /** Pulls one environment in this process, as the command does, and tells what was done. */
  async pull(clone: Clone, name: string, { force = false } = {}): Promise<string | undefined> {
    const [pulled] = await pullEnvironments(this.contextOf(clone), [name], { force, isDryRun: false });
    return pulled?.action;
  }

  /** How somebody without a key sees an environment. */
  async stateOf(clone: Clone, name: string): Promise<string> {
    return (await compareSides(this.contextOf(clone, '/nowhere'), name)).state;
  }

  /** What the commands of somebody work with, in this process. */
  contextOf({ workspaceRoot }: Clone, home = this.anna.env.HOME ?? ''): SyncContext {
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const identities = new Identities({ HOME: home });
    const timeLimit = { totalMs: 1500, attemptMs: 500 };
    const accessToken = (): Promise<string> => Promise.resolve(this.service.token);
    return {
      workspaceRoot,
      identities,
      signal,
      index: indexWorkspace(workspaceRoot, normalizeOptions({ organization: 'acme' })),
      git: new Git(workspaceRoot, process.env, signal),
      remotes: new RemoteEnvironments(new EscClient({ url: this.proxy.url, signal, timeLimit, accessToken }), 'acme'),
      keyring: new Keyring({ workspaceRoot, identities, signal }),
    };
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await this.service.close();
    for (const clone of this.#clones) clone.remove();
    this.anna.removeFiles();
  }
}
