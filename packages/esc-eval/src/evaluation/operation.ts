import { type Diagnostic, hasErrors } from '../diagnostics/diagnostic';
import { formatPropertyPath, type PathSegment } from '../language/property-path';
import type { EvaluationMode, RotationOutcome } from '../functions/function';
import { Answers } from './answers';
import { type EvaluatedEnvironment, type EvaluationRequest, Evaluator } from './evaluator';
import type { Decrypter, EvaluationHost } from './host';
import { loadDeclaration, type LoadedDeclaration } from './load';
import { Sources } from './sources';

export interface EvaluationOptions {
  /** Name of the environment, as others import it (`project/env`): ranges and cycles refer to it. */
  readonly name: string;
  readonly source: Uint8Array | string;
  readonly host: EvaluationHost;
  readonly decrypter?: Decrypter;
  /** Values of `${context}` beside the names of the environments. */
  readonly contextValues?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  /** How many providers, rotators and decryptions may run at a time; 32 unless said. */
  readonly concurrency?: number;
  /** Evaluate what could be kept of a text with errors in it, as the reference's own harness does. */
  readonly ignoreLoadErrors?: boolean;
  /** Environments that the text imports before those that it names itself: what its values are merged over. */
  readonly mergedOver?: readonly string[];
}

export interface EvaluationResult {
  /** Null where there is nothing to evaluate: no declaration, or one without values and imports. */
  readonly environment: EvaluatedEnvironment | null;
  readonly loadDiagnostics: readonly Diagnostic[];
  readonly diagnostics: readonly Diagnostic[];
  readonly rotations: readonly RotationOutcome[];
}

export interface OperationSettings {
  readonly mode: EvaluationMode;
  readonly revealsSecrets?: boolean;
  readonly isSymbolic?: boolean;
  /** Secrets to rotate; all of them where absent. */
  readonly rotationPaths?: readonly (readonly PathSegment[])[];
}

const CONCURRENCY = 32;
const RESERVED_CONTEXT = ['currentEnvironment', 'rootEnvironment'];

/**
 * Evaluates an environment. Everything the text names is fetched first; then it is evaluated in passes, each of which
 * starts the calls whose inputs are known, side by side, until nothing is left to ask. The last pass has every answer,
 * so its result and the order of its diagnostics are those of an evaluation that waits at each call.
 */
export async function evaluate(options: EvaluationOptions, settings: OperationSettings): Promise<EvaluationResult> {
  const contextValues = options.contextValues ?? {};
  for (const key of RESERVED_CONTEXT) {
    if (Object.hasOwn(contextValues, key)) throw new Error(`reserved context key: ${JSON.stringify(key)}`);
  }
  const loaded = withImports(loadDeclaration(options.name, options.source), options);
  const { declaration } = loaded;
  const result = { loadDiagnostics: loaded.diagnostics, diagnostics: [], rotations: [] };
  const isEmpty = declaration === null || (!declaration.hasImports && (declaration.values?.entries.length ?? 0) === 0);
  if (isEmpty || (hasErrors(loaded.diagnostics) && options.ignoreLoadErrors !== true))
    return { ...result, environment: null };

  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const sources = new Sources(options.host, signal);
  const source = { ...loaded, name: options.name, decrypter: options.decrypter };
  await sources.fetchFrom(source);
  const answers = new Answers(signal, options.concurrency ?? CONCURRENCY);
  const request: EvaluationRequest = {
    mode: settings.mode,
    revealsSecrets: settings.revealsSecrets ?? false,
    isSymbolic: settings.isSymbolic ?? false,
    contextValues,
    isSelectedForRotation: selectRotations(settings.rotationPaths),
  };
  for (;;) {
    const pass = new Evaluator(request, sources, answers);
    const environment = pass.evaluateRoot(source);
    if (pass.pendingCalls === 0)
      return { ...result, environment, diagnostics: pass.diagnostics, rotations: pass.rotations };
    await answers.wait(pass.blockedCalls === 0);
  }
}

/** Adds imports that the text does not name; the start of the text stands for their place. */
function withImports(loaded: LoadedDeclaration, { name, mergedOver = [] }: EvaluationOptions): LoadedDeclaration {
  const { declaration, environments } = loaded;
  if (declaration === null || mergedOver.length === 0) return loaded;
  const start = { line: 1, column: 1, byte: 0 };
  const range = { environment: name, begin: start, end: start };
  const added = mergedOver.map((imported) => ({ name: imported, merge: true, range, path: 'imports' }));
  return {
    ...loaded,
    declaration: { ...declaration, imports: [...added, ...declaration.imports], hasImports: true },
    environments: new Map([...mergedOver.map((imported) => [imported, range] as const), ...environments]),
  };
}

function selectRotations(paths: OperationSettings['rotationPaths']): (path: string) => boolean {
  if (paths === undefined || paths.length === 0) return () => true;
  const selected = new Set(paths.map((path) => `values.${formatPropertyPath(path)}`));
  return (path) => selected.has(path);
}
