import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const BEGIN = '<!-- begin: npm run docs -->';
const END = '<!-- end: npm run docs -->';
const EXIT_CODES = { config: 10, identity: 20, secrets: 30, tool: 40, deploy: 50 };
const RETRIES = {
  never: 'nx-esc does not try again: the answer would be the same.',
  'back-off': 'nx-esc tries again, at most four times and 30 seconds in all, and waits longer each time.',
  'new-token': 'nx-esc tries once more, with a new token.',
};
const EXITS = {
  cancelled: 'The exit code of `nx-esc` is 130.',
  'command-failed': 'The exit code of `nx-esc` is that of the command.',
  'command-not-found': 'The exit code of `nx-esc` is 127.',
};

/** The table of docs/failures.md and a page for each code, by file. */
export function failurePages(root, failures) {
  const entries = Object.entries(failures);
  const overview = readFileSync(join(root, 'docs/failures.md'), 'utf8');
  const begin = overview.indexOf(BEGIN);
  const end = overview.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/failures.md lacks ${BEGIN} or ${END}`);
  const rows = entries.map(
    ([code, { class: failureClass, meaning }]) =>
      `| [\`${failureClass}/${code}\`](failures/${code}.md) | ${cell(meaning)} |`,
  );
  const table = ['| code | means |', '| --- | --- |', ...rows].join('\n');
  return new Map([
    ['docs/failures.md', `${overview.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${overview.slice(end)}`],
    ...entries.map(([code, entry]) => [`docs/failures/${code}.md`, page(code, entry)]),
  ]);
}

function page(code, { class: failureClass, meaning, causes, remedies, retry = 'never', example }) {
  const exit = EXITS[code] ?? `The exit code of \`nx-esc\` is ${EXIT_CODES[failureClass]}, that of the class.`;
  return `# ${failureClass}/${code}

${sentence(meaning)}

\`\`\`console
${failureClass}/${code}: ${example}
\`\`\`

## What usually leads to it

${list(causes)}

## What to do

${list(remedies)}

${exit} ${RETRIES[retry]}

[All failures](../failures.md)
`;
}

const list = (items) => items.map((item) => `- ${item}`).join('\n');
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
const cell = (text) => text.replaceAll('|', '\\|');
