const unit = require('./jest.config.cjs');

module.exports = {
  ...unit,
  displayName: 'nx-esc in a browser',
  testMatch: ['<rootDir>/src/**/*.browser.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
};
