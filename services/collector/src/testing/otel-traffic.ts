import type { Context, Span, TracerOptions } from '@opentelemetry/api';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** What the proxy says about itself. */
export function proxyResource(): Resource {
  return resourceFromAttributes({
    'service.name': 'proxy',
    'service.version': '0.1.0',
    'deployment.environment': 'test',
    'service.instance.id': '0b3c6f0e-6f1f-4f63-9a3e-1f9e3ad0a111',
  });
}

export interface SentTrace {
  traceId: string;
  serverSpanId: string;
  providerSpanId: string;
}

/** Sends one chat completion's trace through an official exporter: a server span, a failed provider attempt, an event, a link. */
export async function sendChatTrace(exporter: SpanExporter, options: TracerOptions = {}): Promise<SentTrace> {
  const provider = new TracerProvider({
    resource: proxyResource(),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('ibex-test', '1.2.3', options);
  const server = tracer.startSpan(
    'POST /v1/chat/completions',
    { kind: SpanKind.SERVER, attributes: SERVER_ATTRIBUTES },
    ROOT_CONTEXT,
  );
  const inside: Context = trace.setSpan(ROOT_CONTEXT, server);
  const client = tracer.startSpan(
    'provider.generate',
    { kind: SpanKind.CLIENT, links: [{ context: server.spanContext(), attributes: { reason: 'retry' } }] },
    inside,
  );
  endFailed(client);
  server.end();
  await provider.forceFlush();
  await provider.shutdown();
  const { traceId, spanId } = server.spanContext();
  return { traceId, serverSpanId: spanId, providerSpanId: client.spanContext().spanId };
}

const SERVER_ATTRIBUTES = {
  'http.request.method': 'POST',
  'http.response.status_code': 502,
  request_id: '01929b5e-8f2a-7c3d-9e4f-5a6b7c8d9e0f',
  'gen_ai.request.temperature': 0.7,
  'gen_ai.request.stop_sequences': ['\n\n', 'END'],
  'ibex.cached': false,
};

function endFailed(span: Span): void {
  span.setAttribute('provider.name', 'echo');
  span.addEvent('exception', {
    'exception.type': 'TimeoutError',
    'exception.message': 'no answer within 30 s',
  });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'no answer within 30 s' });
  span.end();
}
