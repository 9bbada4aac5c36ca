import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { request } from 'undici';
import { readEvent } from '../sse/event.ts';
import { EventSplitter } from '../sse/event-splitter.ts';
import { startGateway, type TestGateway, until } from '../testing/gateway.ts';
import {
  type Behaviour,
  doneLine,
  recordedChunks,
  startEvents,
  startUpstream,
  streamRecorded,
  type TestUpstream,
  upstreamConfig,
  wire,
} from '../testing/upstream.ts';

const chat = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }], stream: true };
const labels = 'provider="acme",model="gpt-4o-mini"';

async function start(
  context: TestContext,
  options: {
    environment?: Record<string, string>;
    provider?: Record<string, unknown>;
    observability?: Record<string, unknown>;
  } = {},
): Promise<{ gateway: TestGateway; upstream: TestUpstream }> {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, {
    config: { ...upstreamConfig(upstream, options.provider), observability: options.observability },
    ...(options.environment && { environment: options.environment }),
  });
  return { gateway, upstream };
}

/** Writes the bytes in pieces of the given size, each in a packet of its own. */
function inPieces(text: string, size: number): Behaviour {
  return async (response) => {
    startEvents(response);
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += size) {
      response.write(bytes.subarray(start, start + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}

/** The data of each event. */
function dataOf(text: string): string[] {
  const events = new EventSplitter({ limitBytes: 1_000_000 }).push(Buffer.from(text));
  return events.map((event) => readEvent(event).data ?? '');
}

/** The error that ended the stream: the last event, with no [DONE] after it. */
function errorAtEnd(text: string): { code: string; message: string; request_id: string } {
  const last = dataOf(text).at(-1) ?? '';
  assert.notEqual(last, '[DONE]', 'a broken stream must not say that it is done');
  return JSON.parse(last).error;
}

test('passes a stream on byte by byte, cut anywhere, without the usage chunk nobody asked for', async (context) => {
  const { gateway, upstream } = await start(context);
  const expected = `: warming up\r\n\r\n${wire(recordedChunks.slice(0, -1))}${doneLine}`;
  const sent = `: warming up\r\n\r\n${wire(recordedChunks)}${doneLine}`;
  for (const size of [1, 7, 64, 100_000]) {
    upstream.behave = inPieces(sent, size);
    assert.equal(await (await gateway.post(chat)).text(), expected, `pieces of ${size} bytes`);
  }
  assert.deepEqual(upstream.calls[0]?.body.stream_options, { include_usage: true });
  assert.equal(await gateway.metric(`provider_tokens_total{${labels},type="input"}`), 4 * 9);
  assert.equal(await gateway.metric(`provider_tokens_total{${labels},type="output"}`), 4 * 7);
  assert.equal(await gateway.metric(`provider_stream_chunks_total{${labels}}`), 4 * 6);
  assert.equal(await gateway.metric(`provider_stream_ttfb_seconds_count{${labels}}`), 4);
  assert.equal(await gateway.metric(`provider_stream_duration_seconds_count{${labels}}`), 4);
});

test('gives the usage chunk to a client that asked, and sends its body on unchanged', async (context) => {
  const { gateway, upstream } = await start(context);
  upstream.behave = streamRecorded;
  const body = JSON.stringify({
    ...chat,
    stream_options: { include_usage: true },
    seed: 12345678901234567890n.toString(),
  });
  assert.equal(await (await gateway.post(body)).text(), wire(recordedChunks) + doneLine);
  assert.deepEqual(upstream.calls[0]?.body, JSON.parse(body));
});

test('does not ask for usage where the provider must not be asked; then tokens are absent, not zero', async (context) => {
  const { gateway, upstream } = await start(context, { provider: { include_usage: false } });
  assert.match(await (await gateway.post(chat)).text(), /\[DONE\]/);
  assert.equal(upstream.calls[0]?.body.stream_options, undefined);
  assert.equal(await gateway.metric(`provider_tokens_total{${labels},type="input"}`), undefined);
  assert.equal(gateway.destination.lines.at(-1)?.usage_source, 'absent');
});

test('sends the key upstream, and nothing of the caller and of the trace', async (context) => {
  const { gateway, upstream } = await start(context);
  const response = await gateway.post(chat, { headers: { 'x-request-id': 'request-from-client' } });
  await response.text();
  const headers = upstream.calls[0]?.headers;
  assert.equal(headers?.authorization, 'Bearer acme-secret-key-1234');
  for (const name of ['traceparent', 'tracestate', 'baggage', 'x-request-id']) {
    assert.equal(headers?.[name], undefined, name);
  }
});

test('sends trace and request id to an upstream that the operator trusts', async (context) => {
  const observability = { boundaries: { trusted_hosts: ['127.0.0.1'] } };
  const { gateway, upstream } = await start(context, { observability });
  const response = await gateway.post(chat, { headers: { 'x-request-id': 'request-from-client' } });
  await response.text();
  const headers = upstream.calls[0]?.headers;
  assert.equal(headers?.['x-request-id'], 'request-from-client');
  const trace = response.headers.get('x-trace-id');
  assert.match(String(headers?.traceparent), new RegExp(`^00-${trace}-[0-9a-f]{16}-03$`));
  const server = (await gateway.spans()).find(({ kind }) => kind === 'server');
  assert.doesNotMatch(String(headers?.traceparent), new RegExp(server?.spanId ?? 'none'));
});

const failures: readonly [string, Behaviour, string, string, RegExp][] = [
  [
    'dies in the middle',
    (response) => {
      startEvents(response);
      response.write(wire(recordedChunks.slice(0, 3)), () => response.destroy());
    },
    'upstream_reset',
    'upstream_reset',
    /broke off/,
  ],
  [
    'dies in the middle of an event',
    (response) => {
      startEvents(response);
      response.write(`${wire(recordedChunks.slice(0, 3))}data: {"choi`, () => response.destroy());
    },
    'upstream_reset',
    'upstream_reset',
    /broke off/,
  ],
  [
    'ends before the answer does',
    (response) => {
      startEvents(response);
      response.end(wire(recordedChunks.slice(0, 3)));
    },
    'upstream_reset',
    'upstream_reset',
    /ended before/,
  ],
  [
    'falls silent',
    (response) => {
      startEvents(response);
      response.write(wire(recordedChunks.slice(0, 3)));
    },
    'upstream_idle_timeout',
    'idle_timeout',
    /stopped in the middle/,
  ],
  [
    'reports an error in the stream',
    (response) => {
      startEvents(response);
      response.end(
        `${wire(recordedChunks.slice(0, 3))}data: {"error":{"message":"out of memory, key acme-secret-key-1234","code":"oom"}}\n\n`,
      );
    },
    'oom',
    'in_band_error',
    /out of memory, key \[REDACTED\]/,
  ],
  [
    'sends what is not JSON',
    (response) => {
      startEvents(response);
      response.end(`${wire(recordedChunks.slice(0, 3))}data: <html>\n\n`);
    },
    'upstream_invalid_response',
    'in_band_error',
    /not a JSON object/,
  ],
  [
    'sends a line without end',
    async (response, { cut }) => {
      startEvents(response);
      response.write(`${wire(recordedChunks.slice(0, 3))}data: "`);
      let sending = true;
      void cut.then(() => {
        sending = false;
      });
      while (sending) {
        response.write('x'.repeat(10_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    'upstream_response_too_large',
    'in_band_error',
    /larger than 65536 bytes/,
  ],
];

test('ends a broken stream with an error and the request id, after all that was whole', async (context) => {
  const environment = {
    IBEX_PROXY_UPSTREAM_IDLE_TIMEOUT_MS: '100',
    IBEX_PROXY_STREAM_EVENT_LIMIT_BYTES: '65536',
  };
  const { gateway, upstream } = await start(context, { environment });
  for (const [what, behaviour, code, outcome, message] of failures) {
    upstream.behave = behaviour;
    const response = await gateway.post(chat);
    assert.equal(response.status, 200);
    const text = await response.text();
    assert.ok(text.startsWith(wire(recordedChunks.slice(0, 3))), what);
    const error = errorAtEnd(text);
    assert.equal(error.code, code, what);
    assert.match(error.message, message);
    assert.equal(error.request_id, response.headers.get('x-request-id'));
    const { destination } = gateway;
    await until(() => destination.lines.some((line) => line.request_id === error.request_id));
    const line = destination.lines.find((candidate) => candidate.request_id === error.request_id);
    assert.equal(line?.outcome, outcome, what);
    assert.equal(line?.error_code, code, what);
  }
  assert.doesNotMatch(gateway.destination.text.join(''), /acme-secret/);
});

test('ends a call that takes too long in all', async (context) => {
  const { gateway, upstream } = await start(context, {
    environment: { IBEX_PROXY_UPSTREAM_TOTAL_TIMEOUT_MS: '150' },
  });
  upstream.behave = (response) => {
    startEvents(response);
    const timer = setInterval(() => response.write(wire([recordedChunks[1]])), 20);
    response.on('close', () => clearInterval(timer));
  };
  const text = await (await gateway.post(chat)).text();
  assert.equal(errorAtEnd(text).code, 'upstream_total_timeout');
  await upstream.calls[0]?.cut;
});

test('a stream without [DONE] or a last empty line is complete when the answer was', async (context) => {
  const { gateway, upstream } = await start(context);
  const whole = wire(recordedChunks.slice(0, 6));
  for (const sent of [whole, whole.slice(0, -2), whole.slice(0, -1)]) {
    upstream.behave = (response) => {
      startEvents(response);
      response.end(sent);
    };
    const text = await (await gateway.post(chat)).text();
    assert.ok(text.startsWith(sent));
    assert.doesNotMatch(text, /error/);
  }
});

test('lets go of an upstream that keeps the connection after [DONE]', async (context) => {
  const { gateway, upstream } = await start(context);
  upstream.behave = (response) => {
    startEvents(response);
    response.write(wire(recordedChunks) + doneLine);
  };
  assert.match(await (await gateway.post(chat)).text(), /\[DONE\]\n\n$/);
  await upstream.calls[0]?.cut;
});

test('a stream that breaks tells in its trailer that its trace is kept, one that does not says nothing', async (context) => {
  const gateway = await startGateway(context);
  const keepOf = async (content: string) => {
    const { body, trailers } = await request(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'echo', stream: true, messages: [{ role: 'user', content }] }),
    });
    return { text: await body.text(), keep: trailers['x-ibex-keep'] };
  };
  const broken = await keepOf('/die-after 2 one two three four');
  assert.match(broken.text, /data: \{"error"/);
  assert.equal(broken.keep, 'marked:stream_failed');
  const whole = await keepOf('one two three');
  assert.match(whole.text, /\[DONE\]\n\n$/);
  assert.equal(whole.keep, undefined);
});
