import type { CheckedProject } from '../checked-project';
import {
  placeOfSection,
  placeOfValue,
  type ReceivedEnvironment,
  receivedEnvironments,
  type Section,
  SECTIONS,
  sectionOf,
} from '../reading/received-values';
import type { Finding, Rule } from '../rule';

export const missingInEnvironment: Rule = {
  code: 'missing-in-environment',
  severity: 'warning',
  summary: 'What a program gets in one environment is missing in another.',
  async checkProject(project) {
    const received = await receivedEnvironments(project);
    return SECTIONS.flatMap((section) => missingIn(project, received, section));
  },
};

function missingIn(project: CheckedProject, received: readonly ReceivedEnvironment[], section: Section): Finding[] {
  const holders = new Map<string, ReceivedEnvironment[]>();
  for (const each of received) {
    for (const key of sectionOf(each, section).keys()) holders.set(key, [...(holders.get(key) ?? []), each]);
  }
  return [...holders].flatMap(([key, having]) => {
    const [first] = having;
    if (first === undefined || having.length === received.length) return [];
    const definition = sectionOf(first, section).get(key)?.trace.def;
    const defined = definition === undefined ? undefined : placeOfValue(project, first, definition);
    const names = having.map(({ environment }) => environment).join(', ');
    return received
      .filter((each) => !having.includes(each))
      .map(({ environment }): Finding => ({
        place: placeOfSection(project, environment, section),
        message: `${environment} has no ${section}.${key}, which ${names} ${having.length === 1 ? 'has' : 'have'}`,
        hint: `add it, or give it to all of them in an environment that they import`,
        ...(defined !== undefined && { related: [{ ...defined, message: `in ${first.environment}` }] }),
      }));
  });
}
