/**
 * Forbids every folder of a package what lies above or beside it. `groups` lists the folders from the lowest up; the
 * folders of one group are siblings.
 */
function layers(packageName, groups) {
  const root = `^packages/${packageName}/src`;
  return groups.flatMap((group, index) =>
    group.map((name) => {
      const forbidden = [...group.filter((sibling) => sibling !== name), ...groups.slice(index + 1).flat()];
      return {
        name: `${packageName}-${name}`,
        severity: 'error',
        comment: `${name}/ reaches only the layers below it (docs/architecture.md)`,
        from: { path: `${root}/${name}/`, pathNot: '\\.spec\\.ts$' },
        to: { path: [`${root}/[^/]+\\.ts$`, ...forbidden.map((folder) => `${root}/${folder}/`)] },
      };
    }),
  );
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle between files hides which of them is the lower one',
      from: {},
      to: { circular: true },
    },
    ...layers('esc-eval', [
      ['diagnostics'],
      ['language'],
      ['values'],
      ['functions'],
      ['evaluation', 'editing'],
      ['analysis', 'output'],
      ['testing'],
    ]),
    ...layers('nx-esc', [
      ['failures'],
      ['process'],
      ['pulumi'],
      ['network'],
      ['audit'],
      ['ci'],
      ['aws'],
      ['providers', 'encryption'],
      ['backends'],
      ['deployment'],
      ['workspace'],
      [
        'views',
        'affected',
        'check',
        'provenance',
        'comparison',
        'session-cache',
        'authoring',
        'service',
        'synchronization',
      ],
      ['graph', 'executors', 'generators', 'migrations', 'cli'],
      ['testing'],
    ]),
    {
      name: 'engine-is-self-contained',
      severity: 'error',
      comment: 'The language knows no Nx, network, disk or process',
      from: { path: '^packages/esc-eval/src', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '(^packages/nx-esc|node_modules/(@nx|nx|@pulumi)/)|^(fs|net|http|https|child_process|node:fs|os|path)(/|$)',
      },
    },
    {
      name: 'nx-only-above-deployment',
      severity: 'error',
      comment: 'Only workspace and the layers above it know Nx',
      from: {
        path: '^packages/nx-esc/src/(failures|process|network|ci|aws|providers|encryption|audit|backends|deployment)/',
        pathNot: '\\.spec\\.ts$',
      },
      to: { path: 'node_modules/(@nx|nx)/' },
    },
    {
      name: 'processes-only-in-process',
      severity: 'error',
      comment: 'process/ is the only place that starts a child',
      from: { path: '^packages/nx-esc/src/', pathNot: '^packages/nx-esc/src/(process|testing)/|\\.spec\\.ts$' },
      to: { path: '^(node:)?child_process$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|cases)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@nx-esc/source', 'require', 'node', 'default', 'types'],
    },
  },
};
