import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Agent, request } from 'undici';
import type { OtlpSettings } from '../config/settings.ts';
import { encodeSpans, type Resource } from './encode.ts';
import type { ExportResult, SpanExporter } from './exporter.ts';
import { readPartialSuccess } from './partial-success.ts';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';

const compress = promisify(gzip);
/** Below it, compression costs more than it saves. */
const compressAboveBytes = 1024;
/** The OTLP specification's limit of what a client sends. */
const maximumRequestBytes = 64 * 1024 * 1024;
const maximumResponseBytes = 64 * 1024;
const retryable: readonly number[] = [429, 502, 503, 504];

function createAgent(settings: OtlpSettings, { ca, certificate, key }: TlsFiles): Agent {
  return new Agent({ connect: { ca, cert: certificate, key, timeout: settings.timeoutMs } });
}

/** Sends spans to an OTLP receiver as protobuf over HTTP. */
export function createHttpExporter(
  settings: OtlpSettings,
  resource: Resource,
  { files = readTlsFiles(settings) }: { files?: TlsFiles } = {},
): SpanExporter {
  const dispatcher = createAgent(settings, files);
  const compresses = settings.compression === 'gzip';

  async function send(message: Buffer): Promise<ExportResult> {
    if (message.length > maximumRequestBytes) {
      return { outcome: 'refused', reason: `${message.length} bytes, more than ${maximumRequestBytes}` };
    }
    const isCompressed = compresses && message.length > compressAboveBytes;
    const response = await request(settings.url, {
      dispatcher,
      method: 'POST',
      signal: AbortSignal.timeout(settings.timeoutMs),
      body: isCompressed ? await compress(message) : message,
      headers: {
        ...settings.headers,
        'content-type': 'application/x-protobuf',
        ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
      },
    });
    if (response.statusCode >= 300) {
      await response.body.dump();
      return toFailure(response.statusCode, response.headers['retry-after']);
    }
    const { rejected, message: reason } = readPartialSuccess(await readBounded(response.body));
    return { outcome: 'accepted', rejected, reason };
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
  if (!retryable.includes(statusCode)) return { outcome: 'refused', reason };
  const retryAfterMs = readRetryAfter(String(retryAfter ?? ''));
  return retryAfterMs > 0 ? { outcome: 'retry', reason, retryAfterMs } : { outcome: 'retry', reason };
}

/** Seconds, or the date to wait for (RFC 9110); 0 when it is neither. */
function readRetryAfter(value: string): number {
  const waitMs = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(waitMs, 0) : 0;
}
