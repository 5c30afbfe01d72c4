import type { Expression } from 'esc-eval';
import { asDocument, type CheckedDocument, type CheckedProject, type CheckedStackFile } from '../checked-project';
import { environmentProjectOf } from '../../workspace/workspace-index';
import { declaredValues, expressionsIn, writtenPath } from '../reading/declared-values';
import { textsIn } from '../reading/structured-file';
import type { Finding, Place } from '../finding';
import type { Rule } from '../rule';

/** Words for the same kind of environment. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['prod', 'production', 'prd'],
  ['staging', 'stage', 'stg'],
  ['dev', 'development'],
];
const ACCOUNT_KEY = /account(?:_?id)?$/i;
const ACCOUNT = /^\d{12}$/;
/** A text without one of these is a word, such as the mode that a library runs in. */
const ADDRESS_LIKE = /[/.:@_-]/;
const HINT = 'use what belongs to this environment; a value for all of them has its place in one that they import';

export const crossEnvironmentValue: Rule = {
  code: 'cross-environment-value',
  severity: 'warning',
  summary: 'A value of one environment stands inside another.',
  checkProject(project) {
    const names = project.deployable;
    if (names.length < 2) return [];
    const accounts = accountsOf(project);
    return names.flatMap((name) => new ForeignValues(project, name, names, accounts).find());
  },
};

/** The accounts that environments say are theirs, by number. */
function accountsOf({ environments }: CheckedProject): ReadonlyMap<string, readonly string[]> {
  const accounts = new Map<string, string[]>();
  for (const { environment, parsed } of environments) {
    for (const { path, expression } of declaredValues(parsed.declaration)) {
      const text = literalOf(expression);
      if (text === undefined || !ACCOUNT.test(text) || !ACCOUNT_KEY.test(path.at(-1) ?? '')) continue;
      accounts.set(text, [...(accounts.get(text) ?? []), environment]);
    }
  }
  return accounts;
}

function literalOf(expression: Expression): string | undefined {
  if (expression.kind === 'string') return expression.value;
  return expression.kind === 'number' ? expression.text : undefined;
}

class ForeignValues {
  readonly #own: ReadonlySet<string>;
  readonly #others: ReadonlyMap<string, string>;

  constructor(
    readonly project: CheckedProject,
    readonly name: string,
    names: readonly string[],
    readonly accounts: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#own = new Set(wordsFor(name));
    const others = names.filter((other) => other !== name);
    this.#others = new Map(
      others.flatMap((other) =>
        wordsFor(other).flatMap((word) => (this.#own.has(word) ? [] : [[word, other] as const])),
      ),
    );
  }

  find(): Finding[] {
    const checked = this.project.stackFiles.find(({ stack }) => stack === this.name);
    const stackFile = checked?.file;
    const documents = this.project.documents.filter(({ environment }) => environment === this.name);
    if (checked?.hasValues === false && this.#namesOthers(checked)) documents.push(...asDocument(checked));
    const config = stackFile === undefined ? [] : [...textsIn(stackFile.at(['config']))];
    return [
      ...documents.flatMap((document) => [...this.#inImports(document), ...this.#inValues(document)]),
      ...config.flatMap(({ path, text }): Finding[] =>
        stackFile === undefined || path.at(-1) === 'secure'
          ? []
          : this.#judge(text, `config ${path.join('.')}`, () => stackFile.placeOf(['config', ...path])),
      ),
    ];
  }

  /** A list of names is only made a document where one of them counts. */
  #namesOthers({ file }: CheckedStackFile): boolean {
    return [...textsIn(file.at(['environment']))].some(({ text }) => this.#others.has(environmentIn(text)));
  }

  #inImports({ parsed, source }: CheckedDocument): Finding[] {
    return (parsed.declaration?.imports ?? []).flatMap(({ name, range }): Finding[] => {
      const [environment = '', project = environmentProjectOf(this.project.name)] = name
        .replace(/[@:].*$/, '')
        .split('/')
        .reverse();
      const other = this.#others.get(environment);
      // Where there is none for this environment, the other one is meant.
      if (other === undefined || !this.#hasOwn((own) => this.#index.environment(`${project}/${own}`) !== undefined))
        return [];
      return [this.#finding(() => source.placeOf(range), `${this.name} imports ${project}/${environment}`)];
    });
  }

  #inValues({ parsed, source }: CheckedDocument): Finding[] {
    if (!parsed.declaration?.values) return [];
    return [...expressionsIn(parsed.declaration.values)].flatMap(({ expression, path }): Finding[] => {
      const place = (): Place => source.placeOf(expression.range);
      const key = path.filter((step) => !step.startsWith('fn::')).join('.');
      if (expression.kind === 'string' || expression.kind === 'number') {
        const text = literalOf(expression) as string;
        const isStack = path.at(-1) === 'stack' && path.some((step) => step.startsWith('fn::open'));
        return isStack ? this.#judgeStack(text, place) : this.#judge(text, key, place);
      }
      if (expression.kind === 'interpolation') {
        return this.#judge(expression.parts.map(({ text }) => text).join('${}'), key, place);
      }
      if (expression.kind !== 'symbol') return [];
      const [root, project, environment] = expression.access.accessors.map((each) =>
        each.kind === 'key' ? each.key : '',
      );
      if (root !== 'environments' || this.#others.get(environment ?? '') === undefined) return [];
      if (!this.#hasOwn((own) => this.#index.environment(`${project}/${own}`) !== undefined)) return [];
      const written = writtenPath(['environments', project ?? '', environment ?? '']);
      return [this.#finding(place, `${this.name} refers to \${${written}}`)];
    });
  }

  get #index(): CheckedProject['workspace']['index'] {
    return this.project.workspace.index;
  }

  #hasOwn(has: (name: string) => boolean): boolean {
    return [...this.#own].some(has);
  }

  #judgeStack(text: string, place: () => Place): Finding[] {
    const stack = text.slice(text.lastIndexOf('/') + 1);
    const owner = this.#index.ownerOfStack(text);
    if (!this.#others.has(stack)) return [];
    if (owner !== undefined && !this.#hasOwn((own) => this.#index.deployable(owner).includes(own))) return [];
    return [this.#finding(place, `${this.name} reads the stack ${text}`)];
  }

  #judge(text: string, key: string, place: () => Place): Finding[] {
    const account = [...this.accounts].find(
      ([number, owners]) =>
        text.includes(number) && !owners.includes(this.name) && owners.some((owner) => owner !== this.name),
    );
    const isOthers = account !== undefined && account[1].some((owner) => [...this.#others.values()].includes(owner));
    if (isOthers) return [this.#finding(place, `${key} holds the account of ${account[1].join(', ')}`)];
    const word = this.#foreignWord(text);
    return word === undefined ? [] : [this.#finding(place, `${key} in ${this.name} names "${word}"`)];
  }

  /** A word of another environment in an address; texts for people are none. */
  #foreignWord(text: string): string | undefined {
    if (!ADDRESS_LIKE.test(text) || /^\/dev\//.test(text) || (/\s/.test(text) && !text.includes('://')))
      return undefined;
    // `.dev` is a domain of its own.
    const words = text
      .toLowerCase()
      .replace(/\.dev(?=[:/]|$)/g, '')
      .split(/[^a-z0-9]+/);
    return words.some((word) => this.#own.has(word)) ? undefined : words.find((word) => this.#others.has(word));
  }

  #finding(place: () => Place, message: string): Finding {
    return { place: place(), message, hint: HINT };
  }
}

/** The last part of an environment's name, without its version. */
function environmentIn(name: string): string {
  return name.replace(/[@:].*$/, '').replace(/^.*\//, '');
}

function wordsFor(name: string): string[] {
  const lower = name.toLowerCase();
  return [...new Set([lower, ...(SYNONYMS.find((words) => words.includes(lower)) ?? [])])];
}
