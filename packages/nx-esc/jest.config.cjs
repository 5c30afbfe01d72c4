module.exports = {
  displayName: 'nx-esc',
  rootDir: __dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@nx-esc/source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.(?:aws|browser|integration)\\.spec\\.ts$'],
  transformIgnorePatterns: ['/node_modules/(?!get-east-asian-width|age-encryption|@noble|@scure)'],
  transform: {
    '^.+\\.[tj]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
};
