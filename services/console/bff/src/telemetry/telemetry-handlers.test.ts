import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problem } from '../testing/test-collector.ts';
import { type ErrorBody, startConsole } from '../testing/test-console.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

function span(overrides: Record<string, unknown> = {}) {
  return {
    ...{ traceId, spanId: 'b7ad6b7169203331', parentSpanId: null, name: 'POST /v1/chat/completions' },
    ...{ kind: 'server', serviceName: 'proxy', scopeName: 'ibex', startTimeUnixNano: '1700000000000000001' },
    ...{ durationNano: 1_500_000, status: 'ok', statusMessage: '', attributes: {}, resource: {} },
    ...{ events: [], links: [], ...overrides },
  };
}

function trace(spans: unknown[]) {
  const counts = { spanCount: spans.length, errorCount: 0, services: ['proxy'], truncated: false };
  return { traceId, startTimeUnixNano: '1700000000000000001', durationNano: 1_500_000, ...counts, spans };
}

describe('reading telemetry', () => {
  it("passes what the document allows to the collector, with the console's own token", async () => {
    await using console = await startConsole();
    const headers = await console.login();
    console.collector.answers.set('/api/v1/spans', { body: { spans: [], nextCursor: 'abc' } });
    const query = new URLSearchParams({
      service: 'proxy',
      status: 'error',
      minDurationMs: '1.5',
      limit: '7',
    });
    query.append('attribute', 'http.route=/v1/models');
    query.append('attribute', 'a=b=c&d');
    const answer = await console.send(`/api/telemetry/spans?${query}`, {
      headers: { ...headers, authorization: 'Bearer of-the-browser', 'x-scope-orgid': 'other' },
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json(), { spans: [], nextCursor: 'abc' });
    const [request, ...more] = console.collector.requests;
    assert.deepEqual(more, []);
    assert.deepEqual(request?.url.searchParams.getAll('attribute'), ['http.route=/v1/models', 'a=b=c&d']);
    assert.equal(request?.url.searchParams.get('minDurationMs'), '1.5');
    assert.equal(request?.url.searchParams.get('limit'), '7');
    assert.equal(request?.headers.authorization, 'Bearer query-token-of-the-test');
    assert.equal(request?.headers['x-scope-orgid'], undefined);
    assert.equal(request?.headers.cookie, undefined);
    assert.match(String(request?.headers.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/);
  });

  it('takes one value where a list may be', async () => {
    await using console = await startConsole();
    const headers = await console.login();
    const body = {
      name: 'up',
      type: 'gauge',
      unit: '',
      function: 'value',
      stepSeconds: 5,
      truncated: false,
      series: [],
    };
    console.collector.answers.set('/api/v1/metrics/up/range', { body });
    const answer = await console.send('/api/telemetry/metrics/up/range?by=service', { headers });
    assert.equal(answer.status, 200);
    const [query] = console.collector.queriesOf('/api/v1/metrics/up/range');
    assert.deepEqual(query?.getAll('by'), ['service']);
    assert.equal(query?.get('function'), 'value');
  });

  it('names the rule, the value and what to do', async () => {
    await using console = await startConsole();
    const headers = await console.login();
    const message = async (path: string) =>
      (await console.send(path, { headers })).json<ErrorBody>().error.message;
    assert.equal(
      await message('/api/telemetry/spans?limit=5000'),
      'limit must be <= 1000: it is 5000. Correct it or leave it out.',
    );
    assert.equal(
      await message('/api/telemetry/spans?status=bad'),
      'status must be one of unset, ok, error: it is "bad". Correct it or leave it out.',
    );
    assert.equal(
      await message('/api/telemetry/services?x=1'),
      '"x" is not known here. Leave it out, or use one of: none.',
    );
  });

  it('takes secrets out of what senders wrote, and leaves the rest as it is', async () => {
    await using console = await startConsole();
    const headers = await console.login();
    const secret = 'sk-1234567890abcdef';
    const attributes = {
      'http.route': '/v1',
      api_key: 'plain',
      note: `Bearer ${secret}`,
      nested: { password: 'p' },
    };
    const event = {
      timeUnixNano: '1',
      name: 'exception',
      attributes: { 'exception.message': `key ${secret}` },
    };
    const link = { traceId, spanId: 'b7ad6b7169203331', attributes: { token: 'plain' } };
    const parts = { attributes, statusMessage: `failed with ${secret}`, events: [event], links: [link] };
    const spans = Array.from({ length: 150 }, () => span(parts));
    console.collector.answers.set(`/api/v1/traces/${traceId}`, { body: trace(spans) });
    const answer = await console.send(`/api/telemetry/traces/${traceId}`, { headers });
    const received = answer.json<{ spans: ReturnType<typeof span>[] }>();
    assert.equal(received.spans.length, 150);
    assert.ok(!answer.text.includes(secret));
    assert.deepEqual(received.spans[149]?.attributes, {
      ...{ 'http.route': '/v1', api_key: '[REDACTED]', note: 'Bearer [REDACTED]' },
      nested: { password: '[REDACTED]' },
    });
    assert.equal(received.spans[0]?.startTimeUnixNano, '1700000000000000001');
  });

  it('does so in log lines and span lists', async () => {
    await using console = await startConsole();
    const headers = await console.login();
    const secret = 'sk-1234567890abcdef';
    const log = {
      ...{ id: '1', timeUnixNano: '1700000000000000001', level: 'ERROR', serviceName: 'proxy' },
      ...{ message: `cannot use ${secret}`, traceId: null, spanId: null, requestId: null },
      ...{ attributes: { authorization: 'x' }, resource: { 'service.name': 'proxy' } },
    };
    console.collector.answers.set('/api/v1/logs', { body: { logs: [log], nextCursor: 'bmV4dA==' } });
    const logs = await console.send('/api/telemetry/logs?text=cannot', { headers });
    assert.deepEqual(logs.json(), {
      logs: [{ ...log, message: 'cannot use [REDACTED]', attributes: { authorization: '[REDACTED]' } }],
      nextCursor: 'bmV4dA==',
    });
    console.collector.answers.set('/api/v1/spans', {
      body: { spans: [span({ name: `GET ?key=${secret}` })], nextCursor: null },
    });
    const spans = await console.send('/api/telemetry/spans', { headers });
    assert.ok(!spans.text.includes(secret));
  });
});

describe('a collector that does not give telemetry', () => {
  it('becomes 502 telemetry_unreachable with what to check when it is down', async () => {
    await using console = await startConsole();
    const headers = await console.login();
    await console.collector.stop();
    const answer = await console.send('/api/telemetry/services', { headers });
    assert.equal(answer.status, 502);
    const { error } = answer.json<ErrorBody>();
    assert.equal(error.code, 'telemetry_unreachable');
    assert.match(error.message, /ECONNREFUSED.*IBEX_COLLECTOR_QUERY_URL/);
    assert.equal(error.requestId, answer.headers['x-request-id']);
  });

  it("passes on what is the browser's own mistake", async () => {
    await using console = await startConsole();
    const headers = await console.login();
    const body = problem('invalid_parameter', 'start must be before end: it is 5. Swap them.');
    console.collector.answers.set('/api/v1/spans', { status: 400, body });
    const answer = await console.send('/api/telemetry/spans?start=5&end=1', { headers });
    assert.equal(answer.status, 400);
    assert.equal(answer.json<ErrorBody>().error.message, 'start must be before end: it is 5. Swap them.');
    const unknown = await console.send(`/api/telemetry/traces/${traceId}`, { headers });
    assert.equal(unknown.status, 404);
    assert.equal(unknown.json<ErrorBody>().error.code, 'not_found');
    assert.equal(unknown.json<ErrorBody>().error.requestId, unknown.headers['x-request-id']);
  });

  it("becomes 502, never 401, when it refuses the console: the browser's session is good", async () => {
    await using console = await startConsole({ IBEX_COLLECTOR_QUERY_TOKEN: 'another-token-of-16' });
    const headers = await console.login();
    const answer = await console.send('/api/telemetry/services', { headers });
    assert.equal(answer.status, 502);
    assert.equal(answer.json<ErrorBody>().error.code, 'telemetry_refused');
    assert.match(answer.json<ErrorBody>().error.message, /IBEX_COLLECTOR_QUERY_TOKEN/);
    assert.ok(!answer.text.includes('another-token-of-16'));
  });

  for (const [name, given, code] of [
    ['fails', { status: 500, body: problem('internal', 'disk is full') }, 'telemetry_failed'],
    ['answers no JSON', { body: '<html>' }, 'telemetry_failed'],
    ['answers an error page', { status: 404, body: '<html>' }, 'telemetry_failed'],
    ['answers nothing', { body: '' }, 'telemetry_failed'],
  ] as const) {
    it(`becomes 502 ${code} when it ${name}`, async () => {
      await using console = await startConsole();
      const headers = await console.login();
      console.collector.answers.set('/api/v1/services', given);
      const answer = await console.send('/api/telemetry/services', { headers });
      assert.equal(answer.status, 502);
      assert.equal(answer.json<ErrorBody>().error.code, code);
    });
  }
});
