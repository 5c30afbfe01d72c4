import { statSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { CheckedWorkspace } from '../checked-workspace';
import type { Problem, TextEdit } from '../finding';
import { applyEdits } from './move-under-values';

/**
 * Writes the fixes of some problems into their files, each file at once. Of fixes that touch the same text the first is
 * taken; the others are found again by the next check. Answers the problems whose fixes were taken.
 */
export function applyFixes(workspace: CheckedWorkspace, problems: readonly Problem[]): Problem[] {
  const fixed: Problem[] = [];
  const byFile = new Map<string, TextEdit[]>();
  for (const problem of problems) {
    const { fix, place } = problem;
    if (fix === undefined) continue;
    const edits = byFile.get(place.file) ?? [];
    if (fix.edits.some((edit) => edits.some((other) => overlaps(edit, other)))) continue;
    byFile.set(place.file, [...edits, ...fix.edits]);
    fixed.push(problem);
  }
  for (const [file, edits] of byFile) {
    const source = workspace.source(file);
    if (source === undefined) continue;
    const path = join(workspace.root, file);
    writeFileAtomic.sync(path, applyEdits(source.text, edits), { mode: statSync(path).mode });
  }
  return fixed;
}

/** Two insertions at one place count as overlapping: their order would be a guess. */
function overlaps(a: TextEdit, b: TextEdit): boolean {
  return a.start <= b.end && b.start <= a.end;
}
