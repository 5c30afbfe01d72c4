import { parsePropertyPath, type PathSegment, PropertyPathError } from 'esc-eval/output';
import { Failure } from '../failures/failure';

/**
 * Reads the path of a value, as someone has written it.
 *
 * @throws Failure config/option-invalid
 */
export function readPath(text: string): PathSegment[] {
  return parse(text, 'write a path such as urls.api or list[0]');
}

/**
 * Reads the path of a secret beneath `values`.
 *
 * @throws Failure config/option-invalid
 */
export function readSecretPath(text: string): PathSegment[] {
  const hint = 'name a path beneath values, such as database.password';
  const segments = parse(text, hint);
  if (segments.length === 0) throw invalid('the path of the secret is empty', hint);
  return segments;
}

function parse(text: string, hint: string): PathSegment[] {
  try {
    return parsePropertyPath(text);
  } catch (error) {
    if (error instanceof PropertyPathError) throw invalid(`${JSON.stringify(text)}: ${error.message}`, hint);
    throw error;
  }
}

function invalid(message: string, hint: string): Failure {
  return new Failure({ class: 'config', code: 'option-invalid', message, hint });
}
