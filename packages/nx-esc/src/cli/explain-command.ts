import { entriesOf, type ExportedValue, findProperty, type PathSegment } from 'esc-eval';
import { isContinuousIntegration } from '../ci/continuous-integration';
import { Failure } from '../failures/failure';
import { explainValue } from '../provenance/explain-value';
import type { Explanation } from '../provenance/explanation';
import { findKey, SECTIONS } from '../provenance/find-key';
import { renderExplanation, renderSummaries } from '../provenance/render-text';
import { personalOverlay } from '../workspace/personal-overlay';
import { processEnvironment } from '../workspace/process-environment';
import { startCliSession } from './cli-session';
import { evaluateForReading } from './evaluated-environment';

export interface ExplainCommandOptions {
  readonly workspaceRoot: string;
  readonly ref: string;
  readonly keys: readonly string[];
  readonly format: string;
  readonly open: boolean;
  readonly reveal: boolean;
  /** Whether a personal overlay counts. */
  readonly local: boolean;
}

const FORMATS: Readonly<Record<string, (explanations: readonly Explanation[], isOverview: boolean) => string>> = {
  text: (explanations, isOverview) =>
    isOverview ? renderSummaries(explanations) : explanations.map(renderExplanation).join('\n'),
  json: (explanations) => `${JSON.stringify(explanations, null, 2)}\n`,
};

/**
 * Prints where values of an environment come from; an overview of all that programs get where no key is given.
 *
 * @throws Failure config/key-not-found, config/option-invalid, config/reveal-in-ci
 */
export async function explainCommand(options: ExplainCommandOptions): Promise<void> {
  const { ref, keys, reveal, workspaceRoot } = options;
  const render = formatNamed(FORMATS, options.format);
  const env = processEnvironment();
  if (reveal && isContinuousIntegration(env)) {
    throw new Failure({
      class: 'config',
      code: 'reveal-in-ci',
      message: 'secrets are not revealed in CI: its logs are kept',
      hint: 'leave out --reveal',
    });
  }
  const session = startCliSession(workspaceRoot);
  try {
    const { index, services } = session;
    const overlay = options.local
      ? personalOverlay(ref, index, { env, reporter: services.reporter, backend: 'local' })
      : {};
    const evaluated = await evaluateForReading(session, ref, { isOpened: options.open, ...overlay });
    const paths = keys.length > 0 ? keys.map((key) => findKey(evaluated.root, key)) : keysOf(evaluated.root);
    const explanations = paths.flatMap((path) => {
      const explanation = explainValue({ ...evaluated, name: ref }, path, { index, reveal });
      return explanation === undefined ? [] : [explanation];
    });
    process.stdout.write(render(explanations, keys.length === 0));
  } finally {
    session.dispose();
  }
}

function keysOf(root: ExportedValue): (readonly PathSegment[])[] {
  return SECTIONS.flatMap((section) =>
    [...entriesOf(findProperty(root, [section])).keys()].sort().map((key) => [section, key]),
  );
}

/** @throws Failure config/option-invalid for a name that is none of the formats */
export function formatNamed<T>(formats: Readonly<Record<string, T>>, name: string): T {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return format;
  throw new Failure({
    class: 'config',
    code: 'option-invalid',
    message: `unknown format ${JSON.stringify(name)}`,
    hint: `formats: ${Object.keys(formats).join(', ')}`,
  });
}
