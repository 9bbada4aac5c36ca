import { explain } from './explain.ts';

export interface Reply {
  readonly status: number;
  /** The body, at most its first 8 MiB. */
  readonly body: string;
  readonly headers: Headers;
  /** When the request was sent and its head had come, by this machine's clock. */
  readonly sentAtUnixMs: number;
  readonly answeredAtUnixMs: number;
}

export interface GetOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 3_000;
const longestBodyBytes = 8 * 1024 * 1024;

/** Asks an HTTP server; a text says why there is no answer. Never throws. */
export async function get(url: string, options: GetOptions): Promise<Reply | string> {
  const { headers = {}, timeoutMs = defaultTimeoutMs } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]);
  const sentAtUnixMs = Date.now();
  try {
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    const answeredAtUnixMs = Date.now();
    const body = await readBody(response);
    return { status: response.status, headers: response.headers, body, sentAtUnixMs, answeredAtUnixMs };
  } catch (error) {
    return explain(error);
  }
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > longestBodyBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, longestBodyBytes);
}

/** The body as a JSON object; empty when it is none. */
export function jsonOf({ body }: Reply): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
