import { Failure } from '../failures/failure';
import { type Finding, SEVERITIES, type Severity } from './finding';
import type { Rule } from './rule';
import { hintNames } from './suggest-name';

const LEVELS: readonly string[] = [...SEVERITIES, 'off'];

/** How much each rule weighs: as nx.json and the command line say, else as the rule itself does. */
export class Severities {
  readonly #set: ReadonlyMap<string, string>;

  /**
   * `settings` are levels by the code of the rule.
   *
   * @throws Failure config/option-invalid for codes and levels that there are not
   */
  constructor(rules: readonly Rule[], settings: Readonly<Record<string, unknown>>) {
    const codes = rules.map(({ code }) => code);
    for (const [code, level] of Object.entries(settings)) {
      if (!codes.includes(code)) throw invalid(`there is no rule "${code}" of check`, hintNames(code, codes));
      if (typeof level !== 'string' || !LEVELS.includes(level)) {
        throw invalid(`"${code}" cannot have the severity ${JSON.stringify(level)}`, `there are: ${LEVELS.join(', ')}`);
      }
    }
    this.#set = new Map(Object.entries(settings) as [string, string][]);
  }

  isOn({ code }: Rule): boolean {
    return this.#set.get(code) !== 'off';
  }

  of(rule: Rule, finding: Finding): Severity {
    return (this.#set.get(rule.code) as Severity | undefined) ?? finding.severity ?? rule.severity;
  }
}

/**
 * Reads `rule=level`, as the command line has it.
 *
 * @throws Failure config/option-invalid
 */
export function parseSeverities(flags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    flags.map((flag) => {
      const at = flag.indexOf('=');
      if (at <= 0)
        throw invalid(`"${flag}" is no severity of a rule`, 'write rule=level, for example unknown-stack=off');
      return [flag.slice(0, at), flag.slice(at + 1)];
    }),
  );
}

function invalid(message: string, hint: string): Failure {
  return new Failure({ class: 'config', code: 'option-invalid', message, hint });
}
