import { type RetryOptions, TemporaryError, withRetry } from './retry';

/** More than any token or secret, and little enough to keep. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

export interface HttpRequest extends RetryOptions {
  readonly url: string | URL;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'HEAD' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Repeats it only after an answer of 429, which says that nothing was done: for what must not be done twice. */
  readonly isDoneOnce?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

class TemporaryAnswer extends TemporaryError {
  constructor(readonly answer: HttpAnswer) {
    super(`HTTP ${answer.status}`);
  }
}

/**
 * Sends a request, again after a temporary failure, and answers whatever status comes in the end. Redirects are not
 * followed: they would take a token elsewhere.
 *
 * @throws NetworkError where there is no answer
 */
export async function request({
  url,
  method,
  headers,
  body,
  isDoneOnce = false,
  ...retry
}: HttpRequest): Promise<HttpAnswer> {
  try {
    return await withRetry(
      async (signal) => {
        const response = await fetch(url, {
          method: method ?? 'GET',
          redirect: 'manual',
          signal,
          ...(headers && { headers }),
          ...(body !== undefined && { body }),
        });
        const answer = { status: response.status, headers: response.headers, text: await readText(response) };
        if (answer.status === 429 || (answer.status >= 500 && !isDoneOnce)) throw new TemporaryAnswer(answer);
        return answer;
      },
      { ...retry, ...(isDoneOnce && { mayRepeat: (error: unknown) => error instanceof TemporaryAnswer }) },
    );
  } catch (error) {
    if (error instanceof TemporaryAnswer) return error.answer;
    throw error;
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > LONGEST_ANSWER) throw new Error(`an answer of more than ${LONGEST_ANSWER} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads an answer as a JSON object; undefined for anything else. */
export function jsonObjectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
