import type { IndexedProject, WorkspaceIndex } from '../workspace/workspace-index';
import { checkedAnswer, invalidAnswer } from './answers';
import type { PlannedOutput } from './environment-plan';
import { variableNameOf } from './variable-name';

/** Which outputs become variables: by the key of their stack; undefined for all that are known. */
export type OutputAnswers = ReadonlyMap<string, readonly PlannedOutput[]> | undefined;

const NONE = 'none';

/**
 * Reads outputs as users name them: `key.output[=VARIABLE]`, or `none`.
 *
 * @throws Failure config/option-invalid
 */
export function parseOutputAnswers(answers: readonly string[] | undefined): OutputAnswers {
  if (answers === undefined) return undefined;
  const byKey = new Map<string, PlannedOutput[]>();
  for (const answer of answers) {
    if (answer === NONE) continue;
    const [, key, output, variable] = /^([^.=]+)\.([^=]+)(?:=(.*))?$/.exec(answer) ?? [];
    if (key === undefined || output === undefined)
      throw invalidAnswer('outputs', answer, 'write key.output or key.output=VARIABLE, such as infra.url=API_URL');
    const planned = {
      output: checkedAnswer('output', 'outputs', output),
      variable: checkedAnswer('variable', 'outputs', variable ?? variableNameOf(output)),
    };
    byKey.set(checkedAnswer('key', 'outputs', key), [...(byKey.get(key) ?? []), planned]);
  }
  return byKey;
}

/** The outputs of a stack that become variables: those that were named, else all that its program says it has. */
export function plannedOutputs(
  key: string,
  owner: IndexedProject | undefined,
  index: WorkspaceIndex,
  answers: OutputAnswers,
): readonly PlannedOutput[] {
  if (answers !== undefined) return answers.get(key) ?? [];
  const names = owner === undefined ? [] : (index.outputsOf(owner)?.names ?? []);
  return names.map((output) => ({ output, variable: variableNameOf(output) }));
}
