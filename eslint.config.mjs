import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist', '**/tmp', '**/node_modules', '.nx', '**/*.d.ts', '**/cases/**', '.demo'] },
  ...nx.configs['flat/base'],
  ...tseslint.configs.recommended,
  {
    files: ['packages/*/src/**/*.ts', 'apps/**/*.ts', 'libs/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'off',
      'max-lines': ['warn', { max: 300, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['packages/nx-esc/src/**/*.ts'],
    ignores: ['packages/nx-esc/src/{ci,workspace,process,cli,testing}/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'The environment is read in ci/, workspace/, process/ and at the entry of cli/.',
        },
      ],
    },
  },
  {
    // Commands are loaded when they run, and parsers when a file has changed; `import()` would need the endings of built files, and we also run from source.
    files: [
      '**/*.cjs',
      '**/*.js',
      'packages/nx-esc/src/cli/{start,commands/*}.ts',
      'packages/nx-esc/src/workspace/facts/disk-facts.ts',
    ],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
