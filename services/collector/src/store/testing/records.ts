import { randomBytes } from 'node:crypto';
import {
  type Batch,
  emptyBatch,
  type LogRecord,
  type MetricMetadata,
  type MetricSample,
  type SpanRecord,
} from '../../model.ts';

const NANO_PER_MS = 1_000_000n;

/** A fixed instant that is not on any round border. */
export const NOON_UNIX_MS = Date.UTC(2026, 4, 4, 12, 0, 0) + 137;

export function nano(unixMs: number): bigint {
  return BigInt(unixMs) * NANO_PER_MS;
}

export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

export function resourceOf(service: string) {
  return {
    'service.name': service,
    'service.version': '0.1.0',
    'deployment.environment': 'test',
    'service.instance.id': `${service}-1`,
  };
}

export function span(changes: Partial<SpanRecord> = {}): SpanRecord {
  const serviceName = changes.serviceName ?? 'proxy';
  return {
    traceId: newTraceId(),
    spanId: newSpanId(),
    parentSpanId: '',
    name: 'GET /v1/models',
    kind: 'server',
    serviceName,
    scopeName: '@ibex/telemetry',
    startTimeUnixNano: nano(NOON_UNIX_MS),
    durationNano: 12_345_678n,
    status: 'unset',
    statusMessage: '',
    attributes: {},
    resource: resourceOf(serviceName),
    events: [],
    links: [],
    ...changes,
  };
}

export function log(changes: Partial<LogRecord> = {}): LogRecord {
  const serviceName = changes.serviceName ?? 'proxy';
  return {
    timeUnixNano: nano(NOON_UNIX_MS),
    level: 'INFO',
    serviceName,
    message: 'request completed',
    traceId: '',
    spanId: '',
    requestId: '',
    attributes: {},
    resource: resourceOf(serviceName),
    ...changes,
  };
}

/** A request as the proxy, the auth service and a provider that fails after streaming leave it behind. */
export function chatCompletionTrace(startUnixMs: number = NOON_UNIX_MS) {
  const traceId = newTraceId();
  const requestId = '019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b';
  const [server, validate, validated, generate, attempt] = [1, 2, 3, 4, 5].map(newSpanId) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const at = (offsetMs: number) => nano(startUnixMs + offsetMs);
  const ms = (duration: number) => BigInt(duration) * NANO_PER_MS;
  const spans: SpanRecord[] = [
    span({
      traceId,
      spanId: server,
      name: 'POST /v1/chat/completions',
      startTimeUnixNano: at(0),
      durationNano: ms(180),
      status: 'error',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/chat/completions',
        'http.response.status_code': 502,
        'http.request_id': requestId,
      },
    }),
    span({
      traceId,
      spanId: validate,
      parentSpanId: server,
      name: 'ibex.auth.v1.AuthService/ValidateToken',
      kind: 'client',
      startTimeUnixNano: at(1),
      durationNano: ms(4),
      attributes: { 'rpc.system': 'grpc', 'rpc.grpc.status_code': 0 },
    }),
    span({
      traceId,
      spanId: validated,
      parentSpanId: validate,
      serviceName: 'auth',
      name: 'ibex.auth.v1.AuthService/ValidateToken',
      startTimeUnixNano: at(2),
      durationNano: ms(2),
      attributes: { 'rpc.system': 'grpc', 'db.pool/idle~now': 3 },
    }),
    span({
      traceId,
      spanId: generate,
      parentSpanId: server,
      name: 'provider.generate_stream',
      kind: 'internal',
      startTimeUnixNano: at(6),
      durationNano: ms(172),
      status: 'error',
      statusMessage: 'upstream ended in mid-stream',
      attributes: { 'gen_ai.request.model': 'echo', 'provider.stream': true, 'provider.tokens': [12, 34] },
      events: [{ timeUnixNano: at(60), name: 'first_chunk', attributes: { bytes: 120 } }],
      links: [{ traceId: newTraceId(), spanId: newSpanId(), attributes: { reason: 'retry' } }],
    }),
    span({
      traceId,
      spanId: attempt,
      parentSpanId: generate,
      name: 'POST',
      kind: 'client',
      startTimeUnixNano: at(7),
      durationNano: ms(170),
      status: 'error',
      attributes: { 'server.address': '127.0.0.1', 'http.response.status_code': '200' },
    }),
  ];
  return { traceId, requestId, spans, serverSpanId: server };
}

export function sample(
  name: string,
  { value, unixMs, ...labels }: { value: number; unixMs: number } & Record<string, string | number>,
): MetricSample {
  const text = Object.entries(labels).map(([key, label]) => [key, String(label)] as const);
  return { name, labels: Object.fromEntries(text.sort()), timeUnixMs: unixMs, value };
}

export function metadata(name: string, type: MetricMetadata['type'], help = `${name}.`): MetricMetadata {
  return { name, type, unit: '', help };
}

export function batch(parts: Partial<Batch>): Batch {
  return { ...emptyBatch(), ...parts };
}
