import type { Dispatcher } from 'undici';
import { request } from 'undici';
import type { ScrapeFailure } from '../observer.ts';
import type { Exposition, ExpositionFormat } from './exposition.ts';
import { parseExposition } from './exposition.ts';
import { ExpositionError } from './sample-line.ts';

/** A scrape brought nothing. */
export class ScrapeError extends Error {
  override name = 'ScrapeError';
  readonly reason: ScrapeFailure;

  constructor(reason: ScrapeFailure, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The text format first: OpenMetrics adds exemplars and creation times, which the store does not keep. */
const ACCEPT = 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5';
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export interface FetchOptions {
  dispatcher: Dispatcher;
  timeoutMs: number;
  /** Ends the scrape early. */
  signal: AbortSignal;
  maxBodyBytes?: number;
}

/**
 * Asks a target for its metrics.
 * @throws {ScrapeError} when it does not answer in time, or not with an exposition.
 */
export async function fetchExposition(url: string, options: FetchOptions): Promise<Exposition> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const signal = AbortSignal.any([timeout, options.signal]);
    const response = await request(url, {
      dispatcher: options.dispatcher,
      signal,
      headers: { accept: ACCEPT },
    });
    const format = await acceptedFormat(response);
    const text = await readText(response, options.maxBodyBytes ?? MAX_BODY_BYTES);
    return parseExposition(text, format);
  } catch (error) {
    if (error instanceof ScrapeError) throw error;
    if (error instanceof ExpositionError) throw new ScrapeError('unparsable', error.message);
    if (timeout.aborted) throw new ScrapeError('timeout', `no answer within ${options.timeoutMs} ms`);
    throw new ScrapeError('unreachable', error instanceof Error ? error.message : String(error));
  }
}

async function acceptedFormat({
  statusCode,
  headers,
  body,
}: Dispatcher.ResponseData): Promise<ExpositionFormat> {
  const mediaType = String(headers['content-type'] ?? 'text/plain')
    .split(';', 1)[0]
    ?.trim()
    .toLowerCase();
  const format = FORMATS.get(mediaType ?? '');
  if (statusCode === 200 && format !== undefined) return format;
  await body.dump();
  if (statusCode !== 200) throw new ScrapeError('bad_status', `the status must be 200, is ${statusCode}`);
  throw new ScrapeError(
    'bad_content_type',
    `the content type must be ${[...FORMATS.keys()].join(' or ')}, is ${mediaType}`,
  );
}

const FORMATS: ReadonlyMap<string, ExpositionFormat> = new Map([
  ['text/plain', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
]);

async function readText({ body }: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new ScrapeError('too_large', `an exposition may have ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}
