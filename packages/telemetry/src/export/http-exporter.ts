import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Agent, request } from 'undici';
import type { OtlpSettings } from '../config/settings.ts';
import { encodeSpans, type Resource } from './encode.ts';
import type { ExportResult, SpanExporter } from './exporter.ts';
import { readPartialSuccess } from './partial-success.ts';

const timeoutMs = 10_000;
const compressAboveBytes = 1024;
const maximumResponseBytes = 64 * 1024;
const tooLarge = 413;
const retryable: readonly number[] = [429, 502, 503, 504];

function createAgent(settings: OtlpSettings): Agent {
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file));
  return new Agent({
    connect: {
      ca: read(settings.caFile),
      cert: read(settings.certificateFile),
      key: read(settings.keyFile),
      timeout: timeoutMs,
    },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
}

/** Sends spans to an OTLP receiver as protobuf over HTTP, compressed when that is worth it. */
export function createHttpExporter(settings: OtlpSettings, resource: Resource): SpanExporter {
  const dispatcher = createAgent(settings);
  const url = `${settings.url.replace(/\/$/, '')}/v1/traces`;

  async function send(body: Buffer): Promise<ExportResult> {
    const compress = body.length > compressAboveBytes;
    const response = await request(url, {
      dispatcher,
      method: 'POST',
      body: compress ? gzipSync(body) : body,
      headers: {
        ...settings.headers,
        'content-type': 'application/x-protobuf',
        ...(compress ? { 'content-encoding': 'gzip' } : {}),
      },
    });
    if (response.statusCode >= 300) {
      await response.body.dump();
      return toFailure(response.statusCode, response.headers['retry-after']);
    }
    const { rejected, message } = readPartialSuccess(await readBounded(response.body));
    return { outcome: 'accepted', rejected, reason: message };
  }

  return {
    export: (spans) =>
      send(encodeSpans(spans, resource)).catch((error: unknown) => ({
        outcome: 'retry',
        reason: error instanceof Error ? error.message : String(error),
      })),
    close: () => void dispatcher.destroy(),
  };
}

/** A response is a few bytes; what is longer is not read. */
async function readBounded(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maximumResponseBytes) return Buffer.alloc(0);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toFailure(statusCode: number, retryAfter: string | string[] | undefined): ExportResult {
  const reason = `HTTP ${statusCode}`;
  if (!retryable.includes(statusCode)) {
    return { outcome: 'refused', reason, tooLarge: statusCode === tooLarge };
  }
  const retryAfterMs = readRetryAfter(String(retryAfter ?? ''));
  return retryAfterMs > 0 ? { outcome: 'retry', reason, retryAfterMs } : { outcome: 'retry', reason };
}

/** Seconds, or the date to wait for (RFC 9110); 0 when it is neither. */
function readRetryAfter(value: string): number {
  const waitMs = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(waitMs, 0) : 0;
}
