import type { Backend, BackendRequest, EnvironmentSource, EvaluatedEnvironment } from '../backends/backend';
import { Failure } from '../failures/failure';
import type { BackendName } from './backend-name';
import { environmentFacts } from './facts/yaml-facts';
import type { NormalizedOptions } from './plugin-options';

const NAMES: readonly BackendName[] = ['local', 'cloud', 'cli'];

/** @throws Failure config/option-invalid */
export function parseBackendName(written: string, location?: { readonly file: string }): BackendName {
  const name = NAMES.find((candidate) => candidate === written);
  if (name !== undefined) return name;
  throw new Failure({
    class: 'config',
    code: 'option-invalid',
    message: `unknown backend ${JSON.stringify(written)}`,
    hint: `backends: ${NAMES.join(', ')}`,
    ...(location !== undefined && { location }),
  });
}

/**
 * Which backend has an environment: that of `backends` in nx.json for `project/environment`, for the project or for the
 * environment's name, else the one for all.
 *
 * @throws Failure config/option-invalid
 */
export function backendOf(ref: string, { backend = 'local', backends = {} }: NormalizedOptions): BackendName {
  const [path = ''] = ref.split(/[@:]/);
  const [environment = '', project = ''] = path.split('/').reverse();
  const keys = [`${project}/${environment}`, project, environment];
  const key = keys.find((candidate) => candidate !== '' && Object.hasOwn(backends, candidate));
  return parseBackendName(key === undefined ? backend : String(backends[key]), { file: 'nx.json' });
}

/** The backend of a session: one for everything, or one that asks for each environment the one that has it. */
export function chooseBackend(
  forced: BackendName | undefined,
  options: NormalizedOptions,
  makers: Readonly<Record<BackendName, () => Backend>>,
): Backend {
  const general = forced ?? backendOf('', options);
  if (forced !== undefined || options.backends === undefined) return makers[general]();
  return new ChosenBackend(
    (source) => backendOfSource(source, options),
    (name) => makers[name](),
  );
}

/**
 * Which backend has what is to be evaluated. The environment of a stack is where those are that it imports.
 *
 * @throws Failure config/option-invalid, config/backend-incapable
 */
function backendOfSource(source: EnvironmentSource, options: NormalizedOptions): BackendName {
  if (source.kind === 'reference') return backendOf(source.ref, options);
  const imports = environmentFacts(source.text).references.filter(({ kind }) => kind === 'import');
  const places = imports.map(({ to }) => ({ to, backend: backendOf(to, options) }));
  const [first] = places;
  if (first === undefined) return backendOf('', options);
  if (places.every(({ backend }) => backend === first.backend)) return first.backend;
  throw new Failure({
    class: 'config',
    code: 'backend-incapable',
    message: `the environments of this stack are kept in different places: ${places.map(({ to, backend }) => `${to} (${backend})`).join(', ')}`,
    hint: 'keep them in one: "backends" in nx.json says where each is',
    location: { file: source.file },
  });
}

/** Asks for each environment the backend that has it. Each is made when it is first asked. */
class ChosenBackend implements Backend {
  readonly #made = new Map<BackendName, Backend>();

  constructor(
    readonly nameOf: (source: EnvironmentSource) => BackendName,
    readonly create: (name: BackendName) => Backend,
  ) {}

  check(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return this.#for(request).check(request);
  }

  open(request: BackendRequest): Promise<EvaluatedEnvironment> {
    return this.#for(request).open(request);
  }

  #for({ source }: BackendRequest): Backend {
    const name = this.nameOf(source);
    const made = this.#made.get(name) ?? this.create(name);
    this.#made.set(name, made);
    return made;
  }
}
