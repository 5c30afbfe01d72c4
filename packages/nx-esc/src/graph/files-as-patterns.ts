/** Names that mean nothing else in a pattern. */
const PLAIN = /^[\w.-]+$/;

/**
 * Writes the files of one folder as one pattern, `esc/{dev,prod}.yaml`, that matches exactly these. Nx copies the inputs of
 * every target several times, so few and short ones make the graph of a large workspace faster.
 */
export function filesAsPatterns(files: Iterable<string>): string[] {
  const groups = new Map<string, Group>();
  for (const file of files) {
    const start = file.lastIndexOf('/') + 1;
    const end = file.lastIndexOf('.');
    const isPlain = end > start && PLAIN.test(file.slice(start));
    const folder = file.slice(0, start);
    const extension = isPlain ? file.slice(end) : '';
    const stem = isPlain ? file.slice(start, end) : file.slice(start);
    const key = isPlain ? `${folder}/${extension}` : file;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { folder, stems: [stem], extension });
    else group.stems.push(stem);
  }
  return [...groups.values()].map(({ folder, stems, extension }) => {
    const stem = stems.length === 1 ? stems[0] : `{${stems.join(',')}}`;
    return `${folder}${stem}${extension}`;
  });
}

/** Files of one folder with the same extension. */
interface Group {
  readonly folder: string;
  readonly stems: string[];
  readonly extension: string;
}
