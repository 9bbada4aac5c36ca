import protobuf from 'protobufjs/minimal.js';
import type { Encoding } from './decode.ts';
import type { Signal } from './decode-context.ts';

/** What a sender hears about a request that was stored: rejected records, or a warning when that number is 0. */
export interface PartialSuccess {
  rejected: number;
  message: string;
}

const REJECTED_KEYS: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
};

/**
 * Encodes an Export…ServiceResponse, the same for all three signals: partial_success = 1 with the rejected count = 1 and
 * error_message = 2, or nothing at all after full success.
 */
export function encodeExportResponse(
  { rejected, message }: PartialSuccess,
  { signal, encoding }: { signal: Signal; encoding: Encoding },
): Buffer {
  const isFullSuccess = rejected === 0 && message === '';
  if (encoding === 'json') {
    const partialSuccess = { [REJECTED_KEYS[signal]]: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(isFullSuccess ? {} : { partialSuccess }));
  }
  const writer = protobuf.Writer.create();
  if (isFullSuccess) return Buffer.from(writer.finish());
  writer.uint32(0x0a).fork();
  if (rejected > 0) writer.uint32(0x08).int64(rejected);
  if (message !== '') writer.uint32(0x12).string(message);
  return Buffer.from(writer.ldelim().finish());
}
