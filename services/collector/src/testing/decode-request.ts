import type { Encoding } from '../otlp/decode.ts';
import { decodeExport } from '../otlp/decode.ts';
import type { DecodeContext, Signal } from '../otlp/decode-context.ts';
import { DeltaToCumulative } from '../processors/delta-to-cumulative.ts';

/** Arrival of every request that tests decode. */
export const RECEIVED_UNIX_MS = 1_700_000_000_000;

/** Decodes a request: bytes as protobuf, anything else as JSON. */
export function decodeRequest(
  signal: Signal,
  body: Buffer | object,
  deltas = new DeltaToCumulative(),
): DecodeContext {
  const encoding: Encoding = Buffer.isBuffer(body) ? 'protobuf' : 'json';
  const content = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return decodeExport(content, { signal, encoding, receivedUnixMs: RECEIVED_UNIX_MS, deltas });
}
