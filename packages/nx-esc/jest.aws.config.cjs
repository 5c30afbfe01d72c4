const integration = require('./jest.integration.config.cjs');

/** Tests against an AWS on this machine (tools/aws-emulator). */
module.exports = {
  ...integration,
  displayName: 'nx-esc and AWS',
  testMatch: ['<rootDir>/src/**/*.aws.spec.ts'],
};
