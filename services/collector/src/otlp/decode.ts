import type { DeltaToCumulative } from '../processors/delta-to-cumulative.ts';
import type { Signal } from './decode-context.ts';
import { DecodeContext } from './decode-context.ts';
import { readLogs as readJsonLogs } from './json/logs.ts';
import { readMetrics as readJsonMetrics } from './json/metrics.ts';
import { parseJson } from './json/parse.ts';
import { readTraces as readJsonTraces } from './json/traces.ts';
import { readLogs } from './protobuf/logs.ts';
import { readMetrics } from './protobuf/metrics.ts';
import { readTraces } from './protobuf/traces.ts';

export type Encoding = 'protobuf' | 'json';

export interface DecodeOptions {
  signal: Signal;
  encoding: Encoding;
  /** Arrival, which stands in for a missing time. */
  receivedUnixMs: number;
  deltas: DeltaToCumulative;
}

/**
 * Decodes the body of one OTLP export request.
 * @returns the batch it becomes, with an account of what was rejected or cut.
 * @throws {MalformedOtlpError} when the body is not the request it should be; nothing of it is kept.
 */
export function decodeExport(body: Buffer, options: DecodeOptions): DecodeContext {
  const context = new DecodeContext(options.receivedUnixMs);
  try {
    if (options.encoding === 'json') decodeJson(body, options, context);
    else decodeProtobuf(body, options, context);
  } catch (error) {
    context.rollback();
    throw error;
  }
  return context;
}

function decodeProtobuf(body: Buffer, { signal, deltas }: DecodeOptions, context: DecodeContext): void {
  if (signal === 'traces') readTraces(body, context);
  else if (signal === 'logs') readLogs(body, context);
  else readMetrics(body, { context, deltas });
}

function decodeJson(body: Buffer, { signal, deltas }: DecodeOptions, context: DecodeContext): void {
  const request = parseJson(body);
  if (signal === 'traces') readJsonTraces(request, context);
  else if (signal === 'logs') readJsonLogs(request, context);
  else readJsonMetrics(request, { context, deltas });
}
