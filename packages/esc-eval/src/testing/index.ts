export { runConformanceCase } from './conformance-case';
export type { ConformanceCase } from './conformance-case';
export { createTestHost, ROT128 } from './test-host';
export type { TestHostOptions } from './test-host';
export { createTestProviders, TEST_ROTATORS } from './test-providers';
export type { Delay } from './test-providers';
export { EVERY_KEYWORD } from './test-schema';
