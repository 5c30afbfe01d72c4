import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version after all others. */
export const NEXT_VERSION = '99.0.0';
/** What its migration renames the target `esc-open` to, in nx.json. */
export const MIGRATED_TARGET = 'open-environment';

/** As CONTRIBUTING.md tells to write one. */
const MIGRATION = `exports.default = async (tree) => {
  const text = tree.read('nx.json', 'utf8');
  tree.write('nx.json', text.replace('"openTargetName": "esc-open"', '"openTargetName": "${MIGRATED_TARGET}"'));
};
`;

/** Packs the package once more, as a later version with a migration; answers the tarball. */
export function packNextVersion(tarball, folder) {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  const inPackage = (file) => join(folder, 'package', file);
  const edit = (file, change) => {
    const content = JSON.parse(readFileSync(inPackage(file), 'utf8'));
    change(content);
    writeFileSync(inPackage(file), JSON.stringify(content));
  };
  edit('package.json', (manifest) => (manifest.version = NEXT_VERSION));
  const name = 'rename-open-target';
  const implementation = `./dist/migrations/${NEXT_VERSION}/${name}`;
  edit('migrations.json', ({ generators }) => {
    generators[name] = { version: NEXT_VERSION, description: 'Renames a target.', implementation };
  });
  mkdirSync(inPackage(`dist/migrations/${NEXT_VERSION}`), { recursive: true });
  writeFileSync(inPackage(`${implementation}.js`), MIGRATION);
  const packed = execFileSync('npm', ['pack', '--silent'], { cwd: inPackage('.'), encoding: 'utf8' });
  return inPackage(packed.trim());
}
