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
import type { Finding, RelatedPlace } from '../finding';
import type { Rule } from '../rule';

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
  const keys = [...new Set(received.flatMap((each) => [...sectionOf(each, section).keys()]))].sort();
  return received.flatMap((each): Finding[] => {
    const own = sectionOf(each, section);
    const missing = keys.filter((key) => !own.has(key));
    if (missing.length === 0) return [];
    const { environment } = each;
    const related = missing.flatMap((key) => holderOf(project, received, section, key));
    return [
      {
        place: placeOfSection(project, environment, section),
        message: `${environment} has no ${section}.${missing.join(`, ${section}.`)}`,
        hint: 'add what is missing, or give it to all of them in an environment that they import',
        related,
      },
    ];
  });
}

/** The first environment that has a key, and where. */
function holderOf(
  project: CheckedProject,
  received: readonly ReceivedEnvironment[],
  section: Section,
  key: string,
): RelatedPlace[] {
  for (const each of received) {
    const value = sectionOf(each, section).get(key);
    const place = value === undefined ? undefined : placeOfValue(project, each, value.trace.def);
    if (place !== undefined) return [{ ...place, message: `${key} in ${each.environment}` }];
  }
  return [];
}
