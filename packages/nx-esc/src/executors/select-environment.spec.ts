import { selectEnvironment } from './select-environment';

const available = ['dev', 'staging'];

test.each([
  [{ env: 'dev' }, 'dev'],
  [{ configuration: 'staging' }, 'staging'],
  [{ env: 'dev', configuration: 'dev' }, 'dev'],
])('takes %p', (given, expected) => {
  expect(selectEnvironment({ ...given, project: 'api', available })).toBe(expected);
});

test.each([
  [{}, 'no-environment-selected'],
  [{ env: 'dev', configuration: 'staging' }, 'environment-mismatch'],
  [{ env: 'nope' }, 'environment-not-found'],
])('refuses %p and lists what there is', (given, code) => {
  expect(() => selectEnvironment({ ...given, project: 'api', available })).toThrow(
    expect.objectContaining({ code, hint: expect.stringContaining('dev, staging') as string }),
  );
});
