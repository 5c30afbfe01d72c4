const base = require('./jest.config.cjs');

module.exports = {
  ...base,
  displayName: 'nx-esc integration',
  testMatch: ['<rootDir>/src/**/*.integration.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/jest.integration.setup.cjs',
};
