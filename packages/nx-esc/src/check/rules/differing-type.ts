import { findProperty, textOfValue, type ExportedValue } from 'esc-eval';
import type { CheckedProject } from '../checked-project';
import { accessesIn, stepsOf, writtenPath } from '../reading/declared-values';
import {
  placeOfSection,
  placeOfValue,
  type ReceivedEnvironment,
  receivedEnvironments,
  SECTIONS,
  sectionOf,
  typeOf,
} from '../reading/received-values';
import type { Finding } from '../finding';
import type { Rule } from '../rule';

type Path = readonly (string | number)[];

const NOT_VALUES = new Set(['imports', 'context', 'environments']);
const SCALARS = new Set(['a number', 'true or false', 'a text']);

export const differingType: Rule = {
  code: 'differing-type',
  severity: 'warning',
  summary: 'A value has another type in one environment than in another.',
  async checkProject(project) {
    const received = await receivedEnvironments(project);
    if (received.length < 2) return [];
    return [...pathsOf(project, received).values()].flatMap((path) => compare(project, received, path));
  },
};

/** What programs get, and what the project's environments refer to. */
function pathsOf({ documents }: CheckedProject, received: readonly ReceivedEnvironment[]): Map<string, Path> {
  const given = received.flatMap((each) =>
    SECTIONS.flatMap((section) => [...sectionOf(each, section).keys()].map((key): Path => [section, key])),
  );
  const referred = documents
    .flatMap(({ parsed }) => [...accessesIn(parsed.declaration)].map(({ access }) => stepsOf(access)))
    .filter(([root]) => !NOT_VALUES.has(String(root)));
  return new Map([...given, ...referred].map((path) => [writtenPath(path), path]));
}

function compare(project: CheckedProject, received: readonly ReceivedEnvironment[], path: Path): Finding[] {
  const isGiven = path[0] === 'environmentVariables' || path[0] === 'files';
  const typed = received.flatMap((each) => {
    const value = findProperty(each.evaluation.inspection.root, path);
    const type = value === undefined ? undefined : ((isGiven ? textualType(value) : undefined) ?? typeOf(value));
    return value === undefined || type === undefined ? [] : [{ each, value, type }];
  });
  const [first] = typed;
  const other = typed.find(({ type }) => type !== first?.type);
  if (first === undefined || other === undefined) return [];
  const [here, there] = [other, first].map(({ each, value }) => placeOfValue(project, each, value.trace.def));
  return [
    {
      place: here ?? placeOfSection(project, other.each.environment, 'environmentVariables'),
      message: `${writtenPath(path)} is ${other.type} in ${other.each.environment}, and ${first.type} in ${first.each.environment}`,
      hint: 'write it in one way; quotes make a text',
      ...(there !== undefined && { related: [{ ...there, message: `in ${first.each.environment}` }] }),
    },
  ];
}

/** Variables are all texts: what counts is how a program would read them. */
function textualType(value: ExportedValue): string | undefined {
  const type = typeOf(value);
  if (type === undefined || !SCALARS.has(type)) return undefined;
  const text = textOfValue(value);
  if (/^(?:true|false)$/.test(text)) return 'true or false';
  return type === 'a text' && /^-?\d+(?:\.\d+)?$/.test(text) ? 'a number' : type;
}
