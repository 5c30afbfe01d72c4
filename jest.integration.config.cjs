module.exports = { projects: ['<rootDir>/packages/*/jest.integration.config.cjs'] };
