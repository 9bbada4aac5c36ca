import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { OTLPTraceExporter as GrpcTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { CollectorProcess } from './testing/collector-process.ts';
import { sendChatTrace } from './testing/otel-traffic.ts';

interface Trace {
  spanCount: number;
  spans: { spanId: string; name: string; attributes: Record<string, unknown>; links: { spanId: string }[] }[];
}
interface SpanPage {
  spans: { name: string }[];
}
interface LogPage {
  logs: { message: string; requestId: string }[];
}
interface MetricRange {
  series: { points: [number, number | null][] }[];
}

describe('the collector as a process', () => {
  let dataDirectory: string;
  let collector: CollectorProcess | undefined;

  beforeEach(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'ibex-collector-'));
    collector = undefined;
  });

  afterEach(async () => {
    await collector?.kill();
    rmSync(dataDirectory, { recursive: true, force: true });
  });

  async function start(environment: Record<string, string> = {}): Promise<CollectorProcess> {
    collector = await CollectorProcess.start({ dataDirectory, environment });
    return collector;
  }

  test('keeps what it acknowledged through kill -9, from every official exporter', async () => {
    const first = await start();
    const exporters: SpanExporter[] = [
      new GrpcTraceExporter({ url: first.url('otlp_grpc') }),
      new JsonTraceExporter({ url: `${first.url('otlp_http')}/v1/traces` }),
      new ProtoTraceExporter({ url: `${first.url('otlp_http')}/v1/traces` }),
    ];
    const sent = await Promise.all(exporters.map((exporter) => sendChatTrace(exporter)));
    await sendLog(first, 'the last words');
    await first.kill();

    const second = await start();
    for (const { traceId, serverSpanId, providerSpanId } of sent) {
      const trace = await second.query<Trace>(`/api/v1/traces/${traceId}`);
      assert.deepEqual(
        new Set(trace.spans.map(({ spanId }) => spanId)),
        new Set([serverSpanId, providerSpanId]),
      );
      const server = trace.spans.find(({ spanId }) => spanId === serverSpanId);
      assert.deepEqual(server?.attributes['gen_ai.request.stop_sequences'], ['\n\n', 'END']);
    }
    const { logs } = await second.query<LogPage>('/api/v1/logs?text=last%20words');
    assert.deepEqual(
      logs.map(({ message, requestId }) => [message, requestId]),
      [['the last words', 'r-1']],
    );
  });

  test('keeps every acknowledged line when it is killed in the middle of the stream', async () => {
    const first = await start();
    const acknowledged: string[] = [];
    const senders = Array.from({ length: 8 }, async (_each, sender) => {
      for (let index = 0; ; index += 1) {
        const message = `sender-${sender}-line-${index}`;
        try {
          if (!(await sendLog(first, message)).ok) return;
        } catch {
          return;
        }
        acknowledged.push(message);
      }
    });
    while (acknowledged.length < 200) await new Promise((resolve) => setTimeout(resolve, 5));
    await first.kill();
    await Promise.all(senders);

    const second = await start();
    const { logs } = await second.query<LogPage>('/api/v1/logs?limit=1000');
    const stored = new Set(logs.map(({ message }) => message));
    const missing = acknowledged.slice(-900).filter((message) => !stored.has(message));
    assert.deepEqual(missing, []);
  });

  describe('with a target to scrape', () => {
    let target: Server;
    let answered = 0;

    beforeEach(async () => {
      answered = 0;
      target = createServer((_request, response) => {
        answered += 1;
        response.end(`# TYPE jobs_total counter\njobs_total ${answered}\n`);
      });
      await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    });

    afterEach(async () => {
      target.closeAllConnections();
      await new Promise((resolve) => target.close(resolve));
    });

    test('takes its last values when asked to stop, and stops with exit code 0', async () => {
      const { port } = target.address() as AddressInfo;
      const environment = {
        IBEX_COLLECTOR_SCRAPE_TARGETS: `worker=http://127.0.0.1:${port}/metrics`,
        IBEX_COLLECTOR_SCRAPE_INTERVAL_MS: '3600000',
      };
      const first = await start(environment);
      while (answered === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(await first.stop(), 0);
      assert.equal(answered, 2);
      const second = await start();
      const range = await second.query<MetricRange>(
        '/api/v1/metrics/jobs_total/range?label=service%3Dworker&stepSeconds=1',
      );
      const values = range.series.flatMap(({ points }) => points.flatMap(([, value]) => value ?? []));
      assert.equal(Math.max(...values), 2);
    });
  });

  test('says on /metrics what it received, refused and rejected', async () => {
    const running = await start();
    await sendLog(running, 'hello');
    await fetch(`${running.url('otlp_http')}/v1/logs`, { method: 'POST', body: '{', headers: JSON_HEADERS });
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'x' }] }] }] });
    await fetch(`${running.url('otlp_http')}/v1/traces`, { method: 'POST', body, headers: JSON_HEADERS });
    const exposition = await (await fetch(`${running.url('query')}/metrics`)).text();
    for (const line of [
      'ibex_collector_received_total{signal="logs",transport="http",outcome="accepted"} 1',
      'ibex_collector_refused_total{signal="logs",transport="http",reason="malformed"} 1',
      'ibex_collector_rejected_total{signal="traces",reason="invalid_trace_id"} 1',
    ]) {
      assert.ok(exposition.includes(line), `${line} is missing`);
    }
    assert.equal((await fetch(`${running.url('query')}/readyz`)).status, 200);
  });

  test('exports its own spans to itself without telling of that in turn', async () => {
    const port = await freePort();
    const running = await start({
      IBEX_COLLECTOR_OTLP_GRPC_PORT: String(port),
      OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${port}`,
      OTEL_SAMPLE_RATIO: '1',
    });
    await running.query('/api/v1/services');
    await sendLog(running, 'hello');
    let names: string[] = [];
    while (names.length === 0) {
      names = (await running.query<SpanPage>('/api/v1/spans')).spans.map(({ name }) => name);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual(
      [...new Set(names)].filter((name) => !name.startsWith('GET /api/v1/')),
      [],
    );
    assert.equal(await running.stop(), 0);
  });

  test('keeps its own last spans when it is asked to stop, before it stops receiving', async () => {
    const port = String(await freePort());
    const own = {
      IBEX_COLLECTOR_OTLP_GRPC_PORT: port,
      OTEL_EXPORTER_OTLP_ENDPOINT: `127.0.0.1:${port}`,
      OTEL_SAMPLE_RATIO: '1',
    };
    const first = await start(own);
    await first.query('/api/v1/services');
    assert.equal(await first.stop(), 0);
    assert.deepEqual(
      first.lines.filter((line) => line.includes('spans dropped')),
      [],
    );
    const second = await start();
    const { spans } = await second.query<SpanPage>('/api/v1/spans');
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['GET /api/v1/services'],
    );
  });

  for (const [name, environment, parts] of [
    [
      'a query token that is too short',
      { IBEX_COLLECTOR_QUERY_TOKEN: 'short' },
      ['IBEX_COLLECTOR_QUERY_TOKEN must be', '(not shown)'],
    ],
    [
      'a target that is no address',
      { IBEX_COLLECTOR_SCRAPE_TARGETS: 'proxy' },
      ['IBEX_COLLECTOR_SCRAPE_TARGETS must be', '"proxy"'],
    ],
    [
      'a port that is none',
      { IBEX_COLLECTOR_OTLP_GRPC_PORT: 'x' },
      ['IBEX_COLLECTOR_OTLP_GRPC_PORT must be a port', '"x"'],
    ],
  ] as [string, Record<string, string>, string[]][]) {
    test(`refuses to start with ${name}, in one line`, async () => {
      const refused = await start(environment);
      assert.equal(await refused.exitCode(), 1);
      assert.equal(refused.errors.trim().split('\n').length, 1);
      for (const part of parts)
        assert.ok(refused.errors.includes(part), `${part} is not in ${refused.errors}`);
    });
  }

  test('refuses to start on taken ports, naming the variable', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const port = String((taken.address() as AddressInfo).port);
    for (const setting of [
      'IBEX_COLLECTOR_OTLP_GRPC_PORT',
      'IBEX_COLLECTOR_OTLP_HTTP_PORT',
      'IBEX_COLLECTOR_QUERY_PORT',
    ]) {
      const refused = await start({ [setting]: port });
      assert.equal(await refused.exitCode(), 1);
      const line = refused.lines.at(-1) ?? '';
      for (const part of ['EADDRINUSE', `Set ${setting} to a free port`])
        assert.ok(line.includes(part), `${part} is not in ${line}`);
    }
    await new Promise((resolve) => taken.close(resolve));
  });

  test('refuses to start without a place it can write to', async () => {
    const file = join(dataDirectory, 'file');
    writeFileSync(file, '');
    const refused = await start({ IBEX_DATA_DIR: file });
    assert.equal(await refused.exitCode(), 1);
    assert.match(refused.lines.at(-1) ?? '', /Cannot keep telemetry in/);
  });
});

const JSON_HEADERS = { 'content-type': 'application/json' };

function sendLog(collector: CollectorProcess, message: string): Promise<Response> {
  const attributes = [{ key: 'request_id', value: { stringValue: 'r-1' } }];
  const logRecords = [{ severityNumber: 9, body: { stringValue: message }, attributes }];
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  return fetch(`${collector.url('otlp_http')}/v1/logs`, { method: 'POST', body, headers: JSON_HEADERS });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
