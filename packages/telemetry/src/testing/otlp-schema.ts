import protobuf from 'protobufjs';

/** The messages of a trace export, as opentelemetry-proto 1.x numbers their fields. */
const schema = `
syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message Scope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
message Span {
  bytes trace_id = 1;
  bytes span_id = 2;
  string trace_state = 3;
  bytes parent_span_id = 4;
  string name = 5;
  enum SpanKind { UNSPECIFIED = 0; INTERNAL = 1; SERVER = 2; CLIENT = 3; PRODUCER = 4; CONSUMER = 5; }
  SpanKind kind = 6;
  fixed64 start_time_unix_nano = 7;
  fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9;
  uint32 dropped_attributes_count = 10;
  message Event {
    fixed64 time_unix_nano = 1;
    string name = 2;
    repeated KeyValue attributes = 3;
    uint32 dropped_attributes_count = 4;
  }
  repeated Event events = 11;
  uint32 dropped_events_count = 12;
  message Link {
    bytes trace_id = 1;
    bytes span_id = 2;
    string trace_state = 3;
    repeated KeyValue attributes = 4;
    uint32 dropped_attributes_count = 5;
    fixed32 flags = 6;
  }
  repeated Link links = 13;
  uint32 dropped_links_count = 14;
  Status status = 15;
  fixed32 flags = 16;
}
message Status {
  string message = 2;
  enum StatusCode { UNSET = 0; OK = 1; ERROR = 2; }
  StatusCode code = 3;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1;
    bool bool_value = 2;
    int64 int_value = 3;
    double double_value = 4;
    ArrayValue array_value = 5;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message ExportTraceServiceResponse { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
message RpcStatus { int32 code = 1; string message = 2; repeated Any details = 3; }
message Any { string type_url = 1; bytes value = 2; }
message RetryInfo { Duration retry_delay = 1; }
message Duration { int64 seconds = 1; int32 nanos = 2; }
`;

const { root } = protobuf.parse(schema, { keepCase: true });
const request = root.lookupType('ExportTraceServiceRequest');
const response = root.lookupType('ExportTraceServiceResponse');
const rpcStatus = root.lookupType('RpcStatus');
const retryInfo = root.lookupType('RetryInfo');

export interface DecodedKeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A span as a receiver reads it: ids as hex, 64-bit numbers as texts, enums by name. */
export interface DecodedSpan {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string;
  readonly name: string;
  readonly attributes: readonly DecodedKeyValue[];
  readonly [field: string]: unknown;
}

export interface DecodedTraces {
  readonly resource: readonly DecodedKeyValue[];
  readonly scope: string;
  readonly spans: readonly DecodedSpan[];
}

/** Decodes an export request by its schema. */
export function decodeTraces(bytes: Uint8Array): DecodedTraces {
  const options = { longs: String, enums: String, bytes: Buffer, defaults: true, oneofs: true };
  const decoded = request.toObject(request.decode(bytes), options);
  const [resourceSpans] = decoded.resource_spans;
  const [scopeSpans] = resourceSpans.scope_spans;
  return hexIds({
    resource: resourceSpans.resource.attributes,
    scope: scopeSpans.scope.name,
    spans: scopeSpans.spans,
  }) as DecodedTraces;
}

function hexIds(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (Array.isArray(value)) return value.map(hexIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hexIds(item)]));
}

/** An export response that says how many spans were rejected. */
export function encodePartialSuccess(rejected: number, message: string): Buffer {
  const object = { partial_success: { rejected_spans: rejected, error_message: message } };
  return Buffer.from(response.encode(response.fromObject(object)).finish());
}

/** A `google.rpc.Status` with a BadRequest, which says nothing here, and RetryInfo of this delay, if there is one. */
export function encodeStatusDetails(delay?: { seconds?: number; nanos?: number }): Buffer {
  const details = [{ type_url: 'type.googleapis.com/google.rpc.BadRequest', value: Buffer.alloc(0) }];
  if (delay !== undefined) {
    const value = retryInfo.encode(retryInfo.fromObject({ retry_delay: delay })).finish();
    details.push({ type_url: 'type.googleapis.com/google.rpc.RetryInfo', value: Buffer.from(value) });
  }
  const object = { code: 8, message: 'exhausted', details };
  return Buffer.from(rpcStatus.encode(rpcStatus.fromObject(object)).finish());
}
