import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { observeHttp } from '../http/node-http.ts';
import { type SentrySink, startSentrySink } from '../testing/sentry-sink.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';

const secret = 'sk-live-0123456789abcdefghij';

interface Options {
  readonly answer?: Parameters<typeof startSentrySink>[0];
  readonly environment?: Readonly<Record<string, string>>;
}

async function start(context: TestContext, { answer = {}, environment = {} }: Options = {}) {
  const sink = await startSentrySink(answer);
  context.after(() => sink.stop());
  const { telemetry, destination, exporter } = startTestTelemetry('proxy', {
    environment: { OTEL_SAMPLE_RATIO: '1', IBEX_ENV: 'staging', SENTRY_DSN: sink.dsn, ...environment },
  });
  return { sink, telemetry, destination, exporter };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'it did not come about within 15 s');
    await delay(5);
  }
}

function onlyEvent({ received }: SentrySink) {
  assert.equal(received.length, 1);
  const [only] = received;
  assert.ok(only);
  return only;
}

function dropped(telemetry: { metrics: { exposition(): string } }, reason: string): number {
  const series = `ibex_telemetry_dropped_total{signal="errors",reason="${reason}"} `;
  const line = telemetry.metrics
    .exposition()
    .split('\n')
    .find((each) => each.startsWith(series));
  return Number(line?.slice(series.length) ?? 0);
}

function refuse(): never {
  throw new TypeError(`no upstream with ${secret}`, { cause: new RangeError('password=hunter2hunter2') });
}

describe('a failed request', () => {
  /** Serves one request that the listener fails, and gives what came of it. */
  async function serve(context: TestContext, listener: Parameters<typeof observeHttp>[1]) {
    const started = await start(context);
    const server = createServer(observeHttp(started.telemetry, listener, { route: () => '/v1/models' }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/v1/models?api_key=${secret}`, {
      headers: { authorization: `Bearer ${secret}`, 'x-request-id': 'request-1' },
    });
    await response.text();
    server.closeAllConnections();
    server.close();
    await until(() => started.destination.lines.some(({ msg }) => msg === 'request failed'));
    await started.telemetry.stop();
    return { ...started, response };
  }

  test('is an event with its trace, its request, and what was thrown', async (context) => {
    const { sink, exporter } = await serve(context, refuse);
    const { url, envelope, item, event } = onlyEvent(sink);
    assert.match(
      url,
      /^\/sub\/api\/4711\/envelope\/\?sentry_version=7&sentry_key=d5a4b7c1e0f94f3a8c2b6d1e0f9a8b7c&/,
    );
    assert.deepEqual([item.type, envelope.event_id], ['event', event.event_id]);
    assert.match(event.event_id, /^[0-9a-f]{32}$/);
    assert.deepEqual([event.release, event.environment], ['proxy@test', 'staging']);
    assert.deepEqual([event.level, event.message], ['error', 'request failed']);
    assert.equal(event.transaction, 'GET /v1/models');
    const [span] = exporter.spans;
    assert.deepEqual(event.contexts.trace, { trace_id: span?.traceId, span_id: span?.spanId });
    assert.deepEqual(event.tags, {
      service: 'proxy',
      request_id: 'request-1',
      correlation_id: 'request-1',
      method: 'GET',
      route: '/v1/models',
      status_code: '500',
    });
    const [cause, thrown] = event.exception?.values ?? [];
    assert.deepEqual(
      [cause?.type, thrown?.type, thrown?.mechanism.handled],
      ['RangeError', 'TypeError', true],
    );
    const last = thrown?.stacktrace?.frames.at(-1);
    assert.deepEqual([last?.function, last?.in_app], ['refuse', true]);
    assert.match(last?.filename ?? '', /sentry\.test\.ts$/);
  });

  test('carries no secret, and neither URL, headers, body nor breadcrumbs', async (context) => {
    const { sink, destination } = await serve(context, refuse);
    const { text, event } = onlyEvent(sink);
    for (const canary of [secret, 'hunter2', 'api_key']) assert.ok(!text.includes(canary), canary);
    assert.match(text, /\[REDACTED\]/);
    for (const field of ['request', 'breadcrumbs', 'user', 'server_name', 'modules']) {
      assert.equal(event[field], undefined, field);
    }
    assert.ok(!destination.text.join('').includes('d5a4b7c1'), 'the DSN is not logged');
  });

  test('without an error is an event as well', async (context) => {
    const { sink } = await serve(context, (_request, response) => response.writeHead(503).end());
    const { event } = onlyEvent(sink);
    assert.deepEqual([event.exception, event.tags.status_code], [undefined, '503']);
  });

  test('that was the mistake of its caller is none', async (context) => {
    const started = await start(context);
    started.telemetry.logger.info('request completed', { status: 404 });
    started.telemetry.logger.error('without an error');
    started.telemetry.logger.warn('only a warning', { error: new Error('known') });
    await started.telemetry.stop();
    assert.deepEqual(started.sink.received, []);
  });
});

describe('an error that is logged', () => {
  test('is one event, however often it is logged, with the other fields of the line', async (context) => {
    const { telemetry, sink } = await start(context);
    const error = new Error('no answer');
    telemetry.logger.error('probe failed', {
      error,
      dependency: 'redis',
      details: { password: 'x', attempt: 3 },
    });
    telemetry.logger.error('probe failed again', { error });
    await telemetry.stop();
    const { event } = onlyEvent(sink);
    assert.deepEqual(event.extra, { dependency: 'redis', details: { password: '[REDACTED]', attempt: 3 } });
    assert.equal(event.contexts.trace, undefined);
  });

  test('that nobody caught is fatal', async (context) => {
    const { telemetry, sink } = await start(context);
    telemetry.logger.error('crashed', { error: new Error('unforeseen') });
    await telemetry.stop();
    const { event } = onlyEvent(sink);
    assert.deepEqual([event.level, event.exception?.values[0]?.mechanism.handled], ['fatal', false]);
  });

  test('may be anything, and never fails its caller', async (context) => {
    const { telemetry, sink } = await start(context);
    const circular = new Error('circular');
    circular.cause = circular;
    const hostile = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('trap');
      },
    });
    for (const error of ['a text', 7, null, circular, hostile, { message: 'a table' }]) {
      telemetry.logger.error('odd', { error: error as object });
    }
    await telemetry.stop();
    assert.equal(sink.received.length, 6);
  });
});

describe('events are bounded', () => {
  test('in number a minute; the rest is counted and said', async (context) => {
    const { telemetry, sink, destination } = await start(context, {
      environment: { IBEX_SENTRY_EVENTS_PER_MINUTE: '5' },
    });
    for (let index = 0; index < 20; index++)
      telemetry.logger.error('again', { error: new Error(`no ${index}`) });
    await telemetry.stop();
    assert.equal(sink.received.length, 5);
    assert.equal(dropped(telemetry, 'rate_limited'), 15);
    const said = destination.lines.filter(({ msg }) => msg === 'error events dropped');
    assert.equal(
      said.reduce((sum, { count }) => sum + Number(count), 0),
      15,
    );
  });

  test('while Sentry asks for a pause', async (context) => {
    const { telemetry, sink } = await start(context, {
      answer: { answer: (response) => response.writeHead(429, { 'retry-after': '60' }).end() },
    });
    telemetry.logger.error('first', { error: new Error('first') });
    await until(() => dropped(telemetry, 'rate_limited') === 1);
    telemetry.logger.error('second', { error: new Error('second') });
    await until(() => dropped(telemetry, 'rate_limited') === 2);
    await telemetry.stop();
    assert.equal(sink.received.length, 1);
  });

  test('in what is refused or cannot be delivered: counted by reason', async (context) => {
    const refusing = await start(context, {
      answer: { answer: (response) => response.writeHead(403).end() },
    });
    refusing.telemetry.logger.error('x', { error: new Error('x') });
    await until(() => dropped(refusing.telemetry, 'refused') === 1);
    await refusing.telemetry.stop();
    const absent = await start(context, { answer: { answer: (response) => response.socket?.destroy() } });
    absent.telemetry.logger.error('x', { error: new Error('x') });
    await until(() => dropped(absent.telemetry, 'export_failed') === 1);
    await absent.telemetry.stop();
  });

  test('in the time the exit waits for them', async (context) => {
    const { telemetry, sink } = await start(context, { answer: { answer: () => {} } });
    telemetry.logger.error('x', { error: new Error('x') });
    await until(() => sink.received.length === 1);
    await telemetry.stop({ timeoutMs: 50 });
    assert.equal(dropped(telemetry, 'stopping'), 1);
    telemetry.logger.error('y', { error: new Error('y') });
    assert.equal(dropped(telemetry, 'stopping'), 2);
  });
});

test('nothing of Sentry is installed: no carrier, no listeners, no tracer', async (context) => {
  const listeners = () => process.eventNames().map((name) => [name, process.listenerCount(name)]);
  const before = [listeners(), Object.getOwnPropertyNames(globalThis).toSorted()];
  const { telemetry } = await start(context);
  telemetry.logger.error('x', { error: new Error('x') });
  await telemetry.stop();
  assert.deepEqual([listeners(), Object.getOwnPropertyNames(globalThis).toSorted()], before);
});

test('a DSN that is none ends the start, and is not shown', () => {
  for (const dsn of ['nonsense', 'https://host/1', 'https://key@host/project', 'ftp://key@host/1']) {
    assert.throws(() => startTestTelemetry('proxy', { environment: { SENTRY_DSN: dsn } }), {
      message: 'SENTRY_DSN must be https://<public key>@<host>/<project number>: it is (not shown)',
    });
  }
});
