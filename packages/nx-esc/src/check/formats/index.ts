import { renderGithub } from './github';
import { renderJson } from './json';
import type { CheckReport } from './report';
import { renderSarif } from './sarif';
import { renderText } from './text';

/** How a report can be written, by the name of the format. */
export const CHECK_FORMATS: Readonly<Record<string, (report: CheckReport) => string>> = {
  text: renderText,
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
};
