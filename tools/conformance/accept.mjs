import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listCaseFolders, runCaseFolder, writeJson } from './case-folder.mjs';

/** Writes `expected.json` of the given case folders as the evaluator answers now: to be read before it is committed. */
for (const folder of process.argv.slice(2).flatMap(listCaseFolders)) {
  writeFileSync(join(folder, 'expected.json'), `${writeJson(await runCaseFolder(folder), '  ')}\n`);
}
