import {
  describeSource,
  type ExplainedOrigin,
  type Explanation,
  externalSourcesOf,
  type FilePlace,
} from './explanation';

const LONGEST_VALUE = 60;

/** Shows an explanation as a tree, from the value down to literals and to what lies outside of the environments. */
export function renderExplanation({ environment, key, origin, overridden }: Explanation): string {
  const lines = [`${key} of ${environment}`, '', ...originLines(origin)];
  if (overridden.length > 0) {
    lines.push('', 'overrides');
    for (const each of overridden) lines.push(...originLines({ ...each, ingredients: [] }).map((line) => `  ${line}`));
  }
  return `${lines.join('\n')}\n`;
}

/** One line for each key: where it is defined and what it rests on. */
export function renderSummaries(explanations: readonly Explanation[]): string {
  const width = Math.max(...explanations.map(({ key }) => key.length));
  return explanations
    .map(({ key, origin, overridden }) => {
      const sources = externalSourcesOf(origin).map(describeSource);
      const over = overridden.length === 0 ? '' : `, overrides ${overridden.length}`;
      const from = sources.length === 0 ? showValue(origin) : sources.join(', ');
      return `${key.padEnd(width)}  ${showPlace(origin.place)}  ${from}${over}\n`;
    })
    .join('');
}

function originLines(origin: ExplainedOrigin): string[] {
  return [`${showPlace(origin.place)}  ${describe(origin)}`.trimEnd(), ...details(origin)];
}

/** What stands beneath the line of a definition. */
function details(origin: ExplainedOrigin): string[] {
  const { imports, source, ingredients, isRepeated } = origin;
  const lines = imports.map(({ kind, name, ...place }) =>
    kind === 'import' ? `imported as ${name} at ${showPlace(place)}` : `named as ${name} at ${showPlace(place)}`,
  );
  if (source !== undefined) {
    lines.push(source.kind === 'stack-output' ? describeSource(source) : `from ${describeSource(source)}`);
    if (source.kind === 'stack-output' && source.program !== undefined)
      lines.push(`exported at ${showPlace(source.program)}`);
  }
  if (isRepeated) lines.push('(as above)');
  const tree = ingredients.flatMap(({ written, origin: inner }, index) => {
    const isLast = index === ingredients.length - 1;
    const [first = '', ...rest] = originLines(inner);
    return [`${isLast ? '└─' : '├─'} ${written}  ${first}`, ...rest.map((line) => `${isLast ? '   ' : '│  '}${line}`)];
  });
  return [...lines.map((line) => `${ingredients.length > 0 ? '│' : ' '}  ${line}`), ...tree];
}

function describe(origin: ExplainedOrigin): string {
  const what = origin.function ?? (origin.kind === 'literal' || origin.kind === 'reference' ? '' : origin.kind);
  const part = origin.part === undefined ? '' : `its ${origin.part}`;
  // A part that is not known yet says nothing.
  const value = origin.isUnknown ? '' : showValue(origin);
  return [what, part, value].filter(Boolean).join(', ');
}

function showValue({ value, isUnknown, isSecret }: ExplainedOrigin): string {
  if (isUnknown) return '[unknown]';
  if (isSecret && value === '[secret]') return '[secret]';
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function showPlace(place: FilePlace | undefined): string {
  return place === undefined ? 'no file' : `${place.file}:${place.line}:${place.column}`;
}
