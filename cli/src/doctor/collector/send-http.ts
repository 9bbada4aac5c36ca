import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { OtlpSettings } from '@ibex/telemetry/config';
import { explain } from '../network/explain.ts';
import { readAnswer, type SendRequest, type SendResult, sendTimeoutMs } from './send.ts';

const longestBodyBytes = 64 * 1024;

/** OTLP/HTTP in protobuf. */
export function sendOverHttp({ otlp, signal, message, abort }: SendRequest): Promise<SendResult> {
  const sentAtUnixMs = Date.now();
  return new Promise((resolve) => {
    const post = otlp.insecure ? httpRequest : httpsRequest;
    const outgoing = post(urlOf(otlp, signal), {
      method: 'POST',
      headers: {
        ...otlp.headers,
        'content-type': 'application/x-protobuf',
        'content-length': message.length,
      },
      signal: AbortSignal.any([abort, AbortSignal.timeout(sendTimeoutMs)]),
      ...tlsOptions(otlp),
    });
    outgoing.on('error', (error) => resolve(failure(error)));
    outgoing.on('response', async (response) => {
      const answeredAtUnixMs = Date.now();
      const date = response.headers.date;
      const result = await readResponse(response).catch(failure);
      resolve(date === undefined ? result : { ...result, clock: { date, sentAtUnixMs, answeredAtUnixMs } });
    });
    outgoing.end(message);
  });
}

/** Spans have the URL of the settings; the other signals the same base. */
export function urlOf({ url }: OtlpSettings, signal: string): string {
  return signal === 'traces' ? url : url.replace(/\/v1\/traces\/?$/, `/v1/${signal}`);
}

function tlsOptions({ insecure, caFile, certificateFile, keyFile }: OtlpSettings) {
  if (insecure) return {};
  const read = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file));
  return { ca: read(caFile), cert: read(certificateFile), key: read(keyFile) };
}

async function readResponse(response: IncomingMessage): Promise<SendResult> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= longestBodyBytes) chunks.push(chunk);
  }
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return readAnswer(Buffer.concat(chunks));
  if (status === 401 || status === 403) return { outcome: 'unauthorised', detail: `HTTP ${status}` };
  if (status === 404 || status === 405) return { outcome: 'not_offered', detail: `HTTP ${status}` };
  return { outcome: 'failed', detail: `HTTP ${status}` };
}

/** A gRPC receiver answers HTTP/1.1 with bytes that are no HTTP. */
function failure(error: unknown): SendResult {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isOther = code.startsWith('HPE_') || code === 'ECONNRESET';
  return { outcome: isOther ? 'wrong_protocol' : 'failed', detail: explain(error) };
}
