import { minimatch } from 'minimatch';
import { filesAsPatterns } from './files-as-patterns';

const FILES = [
  'a/Pulumi.dev.yaml',
  'a/Pulumi.yaml',
  'a/esc/dev.yaml',
  'a/esc/prod.yaml',
  'a/esc/prod.yml',
  'a/index.ts',
  'b/.envrc',
  'b/esc/a,b.yaml',
  'package.json',
];

test('files of one folder are one pattern, and unusual names stand for themselves', () => {
  expect(filesAsPatterns(FILES)).toEqual([
    'a/{Pulumi.dev,Pulumi}.yaml',
    'a/esc/{dev,prod}.yaml',
    'a/esc/prod.yml',
    'a/index.ts',
    'b/.envrc',
    'b/esc/a,b.yaml',
    'package.json',
  ]);
});

test('the patterns match the files and nothing beside them', () => {
  const patterns = filesAsPatterns(FILES);
  const matches = (file: string): boolean => patterns.some((pattern) => minimatch(file, pattern));
  expect(FILES.filter((file) => !matches(file))).toEqual([]);
  expect(['a/Pulumi.prod.yaml', 'a/esc/staging.yaml', 'a/esc/dev.yml', 'a/esc/x/dev.yaml'].filter(matches)).toEqual([]);
});
