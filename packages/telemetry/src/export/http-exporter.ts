import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Agent, request } from 'undici';
import type { OtlpSettings } from '../config/settings.ts';
import { encodeSpans, type Resource } from './encode.ts';
import type { ExportResult, SpanExporter } from './exporter.ts';

const timeoutMs = 10_000;
const compressAboveBytes = 1024;
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
    await response.body.dump();
    if (response.statusCode < 300) return { outcome: 'accepted' };
    const reason = `HTTP ${response.statusCode}`;
    if (!retryable.includes(response.statusCode)) return { outcome: 'refused', reason };
    const retryAfterSeconds = Number(response.headers['retry-after']);
    return retryAfterSeconds > 0
      ? { outcome: 'retry', reason, retryAfterMs: retryAfterSeconds * 1000 }
      : { outcome: 'retry', reason };
  }

  return {
    export: (spans) =>
      send(encodeSpans(spans, resource)).catch((error: unknown) => ({
        outcome: 'retry',
        reason: error instanceof Error ? error.message : String(error),
      })),
    close: () => void dispatcher.close(),
  };
}
