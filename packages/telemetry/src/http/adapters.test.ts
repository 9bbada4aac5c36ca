import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { currentRequest } from '../context/scope.ts';
import { startTestTelemetry, type TestTelemetry } from '../testing/start-test-telemetry.ts';
import type { FinishedSpan } from '../traces/span.ts';
import { adapters } from './testing/adapters.ts';
import { TestClient } from './testing/client.ts';
import { answerUpgrade, upgradeAndEcho } from './testing/upgrade.ts';
import { observeUpgrade } from './upgrade.ts';

const hexTraceId = /^[0-9a-f]{32}$/;
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const patienceMs = 5_000;

describe('adapters', { concurrency: true }, () => {
  for (const [name, start] of Object.entries(adapters)) {
    describe(`telemetry of a server on ${name}`, { concurrency: 1 }, () => {
      let started: TestTelemetry;
      let server: Server;
      let client: TestClient;

      before(async () => {
        started = startTestTelemetry('proxy');
        server = await start(started.telemetry);
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        client = new TestClient(server);
      });

      after(async () => {
        client.close();
        server.closeAllConnections();
        server.close();
        await started.telemetry.stop();
      });

      /** The line and the span of one request, once both are there; a request without a span has none. */
      async function recorded(requestId: unknown) {
        const deadline = performance.now() + patienceMs;
        for (;;) {
          const line = started.destination.lines.find(
            ({ request_id, msg }) => request_id === requestId && String(msg).startsWith('request '),
          );
          const span = started.exporter.spans.find(
            ({ attributes }) => attributes['http.request_id'] === requestId,
          );
          if (line !== undefined && span !== undefined) return { line, span };
          assert.ok(performance.now() < deadline, `nothing was recorded of ${requestId}`);
          await delay(20);
        }
      }

      async function send(...args: Parameters<TestClient['send']>) {
        const answer = await client.send(...args);
        return { answer, ...(await recorded(answer.headers['x-request-id'])) };
      }

      function exceptionOf(span: FinishedSpan): unknown {
        return span.events.find((event) => event.name === 'exception')?.attributes['exception.message'];
      }

      test('records the route template in span, line and metrics, never the path', async () => {
        const templates = {
          '/': '/',
          '/users/4711?token=abc': '/users/:id',
          '/orgs/acme%20inc/users/4711': '/orgs/:orgId/users/:id',
          '/orgs/4711/users/4711': '/orgs/:orgId/users/:id',
          '/nowhere/4711': 'unmatched',
          '/orgs/acme/nowhere': 'unmatched',
        };
        for (const [path, route] of Object.entries(templates)) {
          const { answer, line, span } = await send(path);
          assert.equal(answer.status, route === 'unmatched' ? 404 : 200);
          assert.equal(line.route, route);
          assert.equal(span.name, `GET ${route}`);
          assert.deepEqual([span.attributes['http.route'], span.attributes['url.path']], [route, route]);
          assert.equal(span.attributes['http.response.status_code'], answer.status);
          assert.ok(!JSON.stringify([line, span]).includes('4711'));
        }
        assert.ok(!started.telemetry.metrics.exposition().includes('4711'));
      });

      test('puts both ids on every response, and records under them', async () => {
        for (const path of ['/', '/empty', '/stream', '/throws', '/nowhere']) {
          const { answer, line, span } = await send(path);
          assert.match(String(answer.headers['x-request-id']), uuidV7);
          assert.match(String(answer.headers['x-trace-id']), hexTraceId);
          assert.deepEqual([line.trace_id, span.traceId], [span.traceId, answer.headers['x-trace-id']]);
        }
      });

      test('keeps a request id and a trace that are valid, and replaces what is hostile', async () => {
        const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
        const kept = await send('/', {
          headers: { 'x-request-id': 'caller-1.id', traceparent, tracestate: 'v=1' },
        });
        assert.equal(kept.answer.headers['x-request-id'], 'caller-1.id');
        assert.equal(kept.answer.headers['x-trace-id'], 'a'.repeat(32));
        assert.deepEqual([kept.span.parentSpanId, kept.span.traceState], ['b'.repeat(16), 'v=1']);

        for (const hostile of [
          'short',
          'x'.repeat(65),
          'with space',
          '<script>alert(1)</script>',
          ['twice-12', 'twice-34'],
        ]) {
          const { answer } = await send('/', { headers: { 'x-request-id': hostile } });
          assert.match(String(answer.headers['x-request-id']), uuidV7);
        }
        for (const hostile of [
          traceparent.toUpperCase(),
          [traceparent, traceparent],
          `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
          `ff${traceparent.slice(2)}`,
          `${traceparent}-more`,
          'a'.repeat(4_000),
        ]) {
          const { answer, span } = await send('/', { headers: { traceparent: hostile } });
          assert.notEqual(answer.headers['x-trace-id'], 'a'.repeat(32));
          assert.equal(span.parentSpanId, '');
        }
      });

      test('records what is thrown before, in and after a handler', async () => {
        const cases = [
          { path: '/', headers: { 'x-fail': 'before' }, message: 'thrown before the handler' },
          { path: '/throws', message: 'thrown in the handler', route: '/throws' },
          { path: '/orgs/acme/throws', message: 'thrown in a nested handler', route: '/orgs/:orgId/throws' },
        ];
        for (const { path, headers, message, route } of cases) {
          const { answer, line, span } = await send(path, { headers: headers ?? {} });
          assert.equal(answer.status, 500);
          assert.deepEqual([line.level, line.status], ['ERROR', 500]);
          assert.equal(span.status, 'error');
          assert.equal(exceptionOf(span), message);
          if (route !== undefined) assert.equal(line.route, route);
        }
        const { span } = await send('/throws-after');
        assert.equal(span.attributes['http.route'], '/throws-after');
        assert.equal((await client.send('/')).status, 200);
      });

      test('records a client that left as 499', async () => {
        const { answer, line, span } = await send('/endless', { leave: true, agent: new Agent() });
        assert.equal(answer.cut, true);
        assert.deepEqual([line.status, line.route], [499, '/endless']);
        assert.equal(span.attributes['http.response.status_code'], 499);
      });

      test('records a client that left before the answer as 499, once', async () => {
        await client.sendAndLeave('/waits', { 'x-request-id': 'left-early' });
        const { line, span } = await recorded('left-early');
        assert.deepEqual([line.status, line.route, span.name], [499, '/waits', 'GET /waits']);
        // The handler ends after its client; nothing more may come of it.
        await delay(200);
        assert.equal(
          started.destination.lines.filter(({ request_id }) => request_id === 'left-early').length,
          1,
        );
      });

      test('records what is thrown in mid-stream as a failure, not as a client that left', async () => {
        const { answer, line, span } = await send('/breaks', { agent: new Agent() });
        assert.deepEqual([answer.status, answer.cut], [200, true]);
        assert.deepEqual([line.status, line.route], [200, '/breaks']);
        assert.deepEqual([span.status, exceptionOf(span)], ['error', 'thrown in mid-stream']);
      });

      test('says in X-Ibex-Keep that a trace is kept, and nothing of others', async () => {
        const keepHeaderOf = async (path: string) => (await client.send(path)).headers['x-ibex-keep'];
        assert.equal(await keepHeaderOf('/throws'), 'error');
        assert.equal(await keepHeaderOf('/orgs/acme/throws'), 'error');
        for (const path of ['/', '/stream', '/nowhere']) {
          assert.equal(await keepHeaderOf(path), undefined, path);
        }
      });

      test('passes a stream through and ends with it', async () => {
        const { answer, line } = await send('/stream');
        assert.equal(answer.text, 'chunk 1\nchunk 2\nchunk 3\nchunk 4\nchunk 5\n');
        assert.equal(line.status, 200);
      });

      test('answers HEAD without a body, under its own method', async () => {
        const { answer, line, span } = await send('/users/12', { method: 'HEAD' });
        assert.deepEqual([answer.status, answer.text], [200, '']);
        assert.deepEqual([line.method, line.route, span.name], ['HEAD', '/users/:id', 'HEAD /users/:id']);
      });

      test('tells requests on one connection apart', async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const ids = new Set<unknown>();
        for (let index = 0; index < 5; index++) {
          const { answer, span } = await send(`/users/${index}`, { agent });
          ids.add(answer.headers['x-request-id']).add(span.traceId);
        }
        agent.destroy();
        assert.equal(ids.size, 10);
      });

      test('answers and records a wish to upgrade that nobody listens for like any other request', async () => {
        const headers = { upgrade: 'websocket', connection: 'upgrade' };
        const { answer, line } = await send('/users/12', { headers, agent: new Agent() });
        assert.deepEqual([answer.status, line.status, line.route], [200, 200, '/users/:id']);
      });

      test('leaves an upgraded connection alone, and serves on', async (context) => {
        const lines = started.destination.text.length;
        const upgrade = (_request: IncomingMessage, socket: Duplex) => answerUpgrade(socket);
        server.on('upgrade', upgrade);
        context.after(() => server.off('upgrade', upgrade));
        assert.match(await upgradeAndEcho(client.port), /^HTTP\/1\.1 101 [\s\S]*hello$/);
        assert.equal(started.destination.text.length, lines);
        assert.equal((await send('/')).line.status, 200);
      });

      test('records an upgrade that is observed once, with the status of its answer', async (context) => {
        const listener = observeUpgrade(
          started.telemetry,
          (request, socket) => {
            assert.equal(currentRequest()?.requestId, request.headers['x-request-id']);
            answerUpgrade(socket);
          },
          { route: () => '/ws/:room' },
        );
        server.on('upgrade', listener);
        context.after(() => server.off('upgrade', listener));
        const requestId = 'upgraded-1';
        const text = await upgradeAndEcho(client.port, { 'X-Request-ID': requestId });
        assert.match(text, /^HTTP\/1\.1 101 [\s\S]*hello$/);
        const { line, span } = await recorded(requestId);
        assert.deepEqual([line.status, line.route, span.name], [101, '/ws/:room', 'GET /ws/:room']);
        assert.equal(
          started.destination.lines.filter(({ request_id }) => request_id === requestId).length,
          1,
        );
      });

      test('never mixes the contexts of 100 requests at once', async () => {
        const ids = Array.from({ length: 100 }, (_, index) => index);
        const answers = await Promise.all(
          ids.map((id) => client.send(`/users/${id}`, { headers: { 'x-request-id': `concurrent-${id}` } })),
        );
        for (const [id, { text, headers }] of answers.entries()) {
          const own = `concurrent-${id}`;
          assert.equal(text, [id, own, own, headers['x-trace-id']].join(' '));
          assert.equal(headers['x-request-id'], own);
        }
      });

      test('counts probes, and neither logs nor traces them', async () => {
        const answer = await client.send('/healthz');
        assert.equal(answer.status, 200);
        await send('/');
        const requestId = answer.headers['x-request-id'];
        assert.ok(!started.destination.lines.some(({ request_id }) => request_id === requestId));
        assert.ok(
          !started.exporter.spans.some(({ attributes }) => attributes['http.request_id'] === requestId),
        );
        assert.match(
          started.telemetry.metrics.exposition(),
          /http_requests_total\{method="GET",path="\/healthz",status="200"\} 1/,
        );
      });
    });
  }
});
