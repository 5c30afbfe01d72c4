import type { Finding } from '../finding';
import type { Rule } from '../rule';

const PLUGINS = ['nx-esc', 'nx-esc/plugin'];

export const programOutsideProjects: Rule = {
  code: 'program-outside-projects',
  severity: 'warning',
  summary: 'A Pulumi program is in no project of Nx, so that nothing deploys it or depends on it.',
  checkWorkspace(workspace) {
    const plugins = workspace.structured('nx.json')?.at(['plugins']);
    const isRegistered = (Array.isArray(plugins) ? (plugins as unknown[]) : []).some((entry) =>
      PLUGINS.includes(typeof entry === 'string' ? entry : String((entry as { plugin?: unknown } | null)?.plugin)),
    );
    if (isRegistered) return [];
    return [...workspace.index.projects()].flatMap(({ files: { projectFile, root } }): Finding[] => {
      if (projectFile === undefined) return [];
      const manifests = ['project.json', 'package.json'].map((name) => (root === '.' ? name : `${root}/${name}`));
      if (manifests.some((file) => workspace.source(file) !== undefined)) return [];
      return [
        {
          place: { file: projectFile, line: 1, column: 1 },
          message: 'no project.json or package.json makes this folder a project, and the plugin is not in nx.json',
          hint: 'add "nx-esc/plugin" to "plugins" in nx.json: it makes every Pulumi.yaml a project',
        },
      ];
    });
  },
};
