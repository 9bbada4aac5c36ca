import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeSpans } from '../export/encode.ts';
import { decodeTraces } from '../testing/otlp-schema.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import type { Attributes, Span } from '../traces/span.ts';
import type { Tracer } from '../traces/tracer.ts';

const requestsPerSecond = 1_000;
const seconds = 10;
const everyNthFails = 200;

/** The spans of one streamed request through the gateway to a provider over HTTP, with the attributes they have there. */
function proxyRequest(tracer: Tracer, { index, asksAuth }: { index: number; asksAuth: boolean }): Span {
  const requestId = `01a1fc70-a301-734f-b162-${String(index).padStart(12, '0')}`;
  const server = tracer.startSpan('POST /v1/chat/completions', { kind: 'server', parent: null });
  server.setAttributes({
    ...{ 'http.method': 'POST', 'http.request.method': 'POST', 'http.route': '/v1/chat/completions' },
    ...{ 'http.request_id': requestId, correlation_id: requestId },
    ...{ trace_id: server.traceId, span_id: server.spanId, 'url.path': '/v1/chat/completions' },
    'user_agent.original': 'OpenAI/Python 1.109.1',
  });
  const child = (name: string, attributes: Attributes = {}, parent: Span = server) =>
    tracer.startSpan(name, { kind: 'client', parent, attributes });
  if (asksAuth) {
    child('ibex.auth.v1.AuthService/ValidateToken', {
      ...{ 'rpc.system': 'grpc', 'rpc.service': 'ibex.auth.v1.AuthService' },
      ...{ 'rpc.method': 'ValidateToken', 'rpc.grpc.status_code': 0 },
    }).end();
  }
  const provider = child('provider.generate_stream', {
    ...{ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini', 'provider.name': 'openai' },
    ...{ 'provider.model': 'gpt-4o-mini', 'gen_ai.provider.name': 'openai', 'provider.input_tokens': 812 },
    ...{ 'provider.output_tokens': 345, 'gen_ai.usage.input_tokens': 812, 'gen_ai.usage.output_tokens': 345 },
    ...{ 'gen_ai.response.id': `chatcmpl-${requestId}`, 'gen_ai.response.model': 'gpt-4o-mini-2024-07-18' },
    ...{ 'gen_ai.response.finish_reasons': ['stop'], 'ibex.usage_source': 'provider' },
    ...{ 'ibex.ttft_ms': 412.25, 'ibex.stream.chunks': 347, 'ibex.stream.duration_ms': 4_123.5 },
  });
  const attempt = child(
    'provider.attempt',
    {
      ...{ 'provider.name': 'openai', 'provider.model': 'gpt-4o-mini', 'ibex.attempt': 1 },
      'ibex.attempt_kind': 'first',
    },
    provider,
  );
  child(
    'POST',
    {
      ...{ 'http.request.method': 'POST', 'server.address': 'api.openai.com', 'server.port': 443 },
      ...{ 'url.full': 'https://api.openai.com/v1/chat/completions', 'http.response.status_code': 200 },
    },
    attempt,
  ).end();
  attempt.end();
  provider.end();
  server.setAttributes({
    ...{ 'http.status_code': 200, 'http.response.status_code': 200 },
    ...{ 'ibex.outcome': 'completed', org_id: 'org_k6gq2iqgavgxtiec' },
  });
  server.end();
  return server;
}

describe('a ring of the default size, under 1,000 requests a second', () => {
  for (const [title, asksAuth] of [
    ['whose verdict on the token is remembered', false],
    ['that each ask auth', true],
  ] as const) {
    test(`${title}: what is announced ten seconds later is still whole`, async () => {
      const { telemetry, exporter } = startTestTelemetry('proxy', {
        environment: { OTEL_SAMPLE_RATIO: '0' },
      });
      const { tracer, flightRecorder } = telemetry;
      const spansOfRequest = asksAuth ? 5 : 4;
      const sent: Span[] = [];
      // First the ring is filled; then the traces that failed, and ten seconds of others behind each of them.
      const filled = 30 * requestsPerSecond;
      for (let index = 0; index < filled; index++) sent.push(proxyRequest(tracer, { index, asksAuth }));
      assert.match(telemetry.metrics.exposition(), /^ibex_telemetry_flight_evicted_total [1-9]/m);
      const failed: string[] = [];
      for (let index = 0; index < 4 * requestsPerSecond; index++) {
        const tenSecondsAgo = sent[sent.length - seconds * requestsPerSecond] as Span;
        if (index % everyNthFails === 0) {
          flightRecorder?.keep(tenSecondsAgo.traceId, 'error', 'announcement');
          failed.push(tenSecondsAgo.traceId);
        }
        sent.push(proxyRequest(tracer, { index: filled + index, asksAuth }));
      }
      await telemetry.stop();
      const counts = new Map<string, number>();
      for (const { traceId } of exporter.spans) counts.set(traceId, (counts.get(traceId) ?? 0) + 1);
      assert.equal(failed.length, 20);
      for (const traceId of failed) assert.equal(counts.get(traceId), spansOfRequest, traceId);
    });
  }

  test('gives spans back as they were, byte for byte as a receiver reads them', async () => {
    const read = async (ratio: string) => {
      const { telemetry, exporter } = startTestTelemetry('proxy', {
        environment: { OTEL_SAMPLE_RATIO: ratio },
      });
      const root = proxyRequest(telemetry.tracer, { index: 1, asksAuth: true });
      telemetry.flightRecorder?.keep(root.traceId, 'error', 'announcement');
      await telemetry.stop();
      return decodeTraces(encodeSpans(exporter.spans, {})).spans.map(
        ({ name, attributes, events, status }) => ({
          ...{ name, events, status },
          attributes: attributes.filter(
            ({ key }) => !['ibex.keep_reason', 'trace_id', 'span_id'].includes(key),
          ),
        }),
      );
    };
    assert.deepEqual(await read('0'), await read('1'));
  });
});
