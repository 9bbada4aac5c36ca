import { errorText, UserError } from '../user-error.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface Request {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const timeoutMs = 20_000;
const longestBodyBytes = 64 * 1024 * 1024;

/**
 * Sends one request and reads its answer to the end; redirects are not followed.
 * @throws {UserError} when there is no whole answer within 20 s, or it is longer than 64 MiB.
 */
export async function ask(
  url: string,
  { method = 'GET', headers = {}, body }: Request = {},
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, headers: response.headers, body: await readBody(response) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new UserError(`${method} ${url} brought no answer: ${errorText(cause)}`);
  }
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > longestBodyBytes) throw new Error(`it is longer than ${longestBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
