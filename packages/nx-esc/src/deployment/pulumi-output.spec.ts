import { readResourceCounts } from './pulumi-output';

test('reads the counts that pulumi prints last', () => {
  const output = 'x\nResources:\n    + 2 created\n    ~ 1 updated\n    3 unchanged\n\nDuration: 1s\n';
  expect(readResourceCounts(output)).toEqual({ created: 2, updated: 1, unchanged: 3 });
  expect(readResourceCounts('error: failed')).toEqual({});
});
