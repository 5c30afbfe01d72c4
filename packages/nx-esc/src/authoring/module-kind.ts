import { joinPathFragments, readJson, type Tree } from '@nx/devkit';

/** Tells whether files of a folder are ES modules: what the nearest package.json says, as for Node.js. */
export function isEsModule(tree: Tree, folder: string): boolean {
  const segments = folder.split('/');
  const folders = segments.map((_, index) => segments.slice(0, segments.length - index).join('/'));
  const manifest = [...folders, '.']
    .map((each) => joinPathFragments(each, 'package.json'))
    .find((file) => tree.exists(file));
  return manifest !== undefined && readJson<{ readonly type?: unknown }>(tree, manifest).type === 'module';
}
