import type { Rule } from '../rule';

export const strayStackFile: Rule = {
  code: 'stray-stack-file',
  severity: 'warning',
  summary: 'A `Pulumi.<stack>.yaml` lies where there is no Pulumi.yaml.',
  checkProject: ({ files, stackFiles }) =>
    files.projectFile === undefined
      ? stackFiles.map(({ file, stack }) => ({
          place: file.source.placeAt(0),
          message: `the stack "${stack}" belongs to no Pulumi project: there is no Pulumi.yaml beside it`,
          hint: 'move it to the folder of its Pulumi.yaml, or delete it',
        }))
      : [],
};
