import { redactText } from '@ibex/telemetry/privacy';
import protobuf from 'protobufjs/minimal.js';
import type { Encoding } from './decode.ts';

/** The codes of google.rpc.Code that receivers answer with. */
export const RPC_CODES = {
  invalidArgument: 3,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** A google.rpc.Status: what an OTLP sender is told when its request was not taken. */
export interface RpcStatus {
  code: number;
  message: string;
  /** Which field of the request was bad (google.rpc.BadRequest). */
  badField?: string;
  /** When to come again (google.rpc.RetryInfo). */
  retryAfterMs?: number;
}

const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/** The status as bytes, without secrets that its message may quote from the sender's data. */
export function encodeRpcStatus(given: RpcStatus, encoding: Encoding): Buffer {
  const status = { ...given, message: redactText(given.message) };
  return encoding === 'json' ? encodeJson(status) : encodeProtobuf(status);
}

function encodeJson({ code, message, badField, retryAfterMs }: RpcStatus): Buffer {
  const details: object[] = [];
  if (badField !== undefined) {
    details.push({ '@type': BAD_REQUEST, fieldViolations: [{ field: badField, description: message }] });
  }
  if (retryAfterMs !== undefined)
    details.push({ '@type': RETRY_INFO, retryDelay: `${retryAfterMs / 1000}s` });
  return Buffer.from(JSON.stringify({ code, message, details }));
}

/** Status: code = 1, message = 2, details = 3. */
function encodeProtobuf({ code, message, badField, retryAfterMs }: RpcStatus): Buffer {
  const writer = protobuf.Writer.create();
  writer.uint32(0x08).int32(code).uint32(0x12).string(message);
  if (badField !== undefined)
    writeDetail(writer, { type: BAD_REQUEST, value: badRequest(badField, message) });
  if (retryAfterMs !== undefined) writeDetail(writer, { type: RETRY_INFO, value: retryInfo(retryAfterMs) });
  return Buffer.from(writer.finish());
}

/** google.protobuf.Any: type_url = 1, value = 2. */
function writeDetail(writer: protobuf.Writer, { type, value }: { type: string; value: Uint8Array }): void {
  writer.uint32(0x1a).fork().uint32(0x0a).string(type).uint32(0x12).bytes(value).ldelim();
}

/** BadRequest: field_violations = 1, each with field = 1, description = 2. */
function badRequest(field: string, description: string): Uint8Array {
  const writer = protobuf.Writer.create();
  return writer
    .uint32(0x0a)
    .fork()
    .uint32(0x0a)
    .string(field)
    .uint32(0x12)
    .string(description)
    .ldelim()
    .finish();
}

/** RetryInfo: retry_delay = 1, a Duration of seconds = 1 and nanos = 2. */
function retryInfo(retryAfterMs: number): Uint8Array {
  const seconds = Math.floor(retryAfterMs / 1000);
  const nanos = Math.round((retryAfterMs % 1000) * 1_000_000);
  const writer = protobuf.Writer.create();
  return writer.uint32(0x0a).fork().uint32(0x08).int64(seconds).uint32(0x10).int32(nanos).ldelim().finish();
}
