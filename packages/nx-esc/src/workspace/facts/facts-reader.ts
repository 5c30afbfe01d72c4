import { type FileFacts, NO_FACTS } from './file-facts';
import { manifestFacts } from './manifest-facts';
import { environmentFacts, projectFileFacts, stackFileFacts, workflowFacts, yamlProgramFacts } from './yaml-facts';
import { programFacts } from './program-facts';

/** Gives the facts of files, by path relative to the workspace; none for a file that is not there. */
export interface FactsSource {
  factsOf(file: string): FileFacts;
}

/** Where GitHub and GitLab look for what their CI runs. */
export const WORKFLOW_FILE = /^(?:\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml)$/;

const READERS: readonly (readonly [RegExp, (text: string) => FileFacts])[] = [
  [/(?:^|\/)Pulumi\.ya?ml$/, projectFileFacts],
  [/(?:^|\/)Pulumi\.[^/]+\.ya?ml$/, stackFileFacts],
  [/(?:^|\/)esc\/[^/]+\.ya?ml$/, environmentFacts],
  [/(?:^|\/)Main\.ya?ml$/, yamlProgramFacts],
  [/\.[mc]?[jt]sx?$/, programFacts],
  [/(?:^|\/)(?:package|project)\.json$/, manifestFacts],
  [WORKFLOW_FILE, workflowFacts],
];

/** Reads the facts of a file off its text; its path says what it is. Never throws for what the text holds. */
export function readFacts(file: string, text: string): FileFacts {
  const reader = READERS.find(([pattern]) => pattern.test(file));
  return reader === undefined ? NO_FACTS : reader[1](text);
}
