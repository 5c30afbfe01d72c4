import { groupProjectFiles } from './project-files';

test('a personal overlay is no environment', () => {
  const files = ['api/esc/dev.yaml', 'api/esc/dev.local.yaml', 'api/esc/local.yaml', 'api/esc/prod.local.yml'];
  const [group] = groupProjectFiles(files, () => 'api').values();
  expect([...(group?.environments ?? [])]).toEqual([
    ['dev', 'api/esc/dev.yaml'],
    ['local', 'api/esc/local.yaml'],
  ]);
  expect(groupProjectFiles(['web/esc/dev.local.yaml']).size).toBe(0);
});
