import { type GeneratorCallback, logger } from '@nx/devkit';

/** Says what to do next, once the files are written. */
export function nextSteps(...steps: readonly string[]): GeneratorCallback {
  return () => logger.info(['', 'Next:', ...steps.map((step) => `  ${step}`)].join('\n'));
}
