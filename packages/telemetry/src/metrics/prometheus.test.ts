import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ibexContract } from '@ibex/contract';
import { findProgram, skipWithout } from '../../../../tests/src/support/programs.ts';
import { runInScope } from '../context/scope.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { MetricRegistry } from './registry.ts';
import { hostileContract, hostileValues } from './testing/hostile-contract.ts';

interface Answer<Data> {
  readonly status: string;
  readonly data: Data;
}

interface ExemplarSeries {
  readonly seriesLabels: Readonly<Record<string, string>>;
  readonly exemplars: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: string;
    readonly timestamp: number;
  }[];
}

interface Target {
  readonly health: string;
  readonly lastError: string;
}

interface FamilyMetadata {
  readonly metric: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

const startTimeoutMs = 60_000;
const pollMs = 100;

function scrapeConfig(path: string, target: string): string {
  return `- job_name: ${path}
  scrape_interval: 1s
  metrics_path: /${path}
  static_configs:
  - targets: ['${target}']
`;
}

/** A Prometheus server of its own that scrapes two paths of one target every second. */
class Prometheus {
  readonly #directory = mkdtempSync(join(tmpdir(), 'ibex-prometheus-'));
  readonly #process: ChildProcess;
  #url = '';

  constructor(target: string) {
    const config = join(this.#directory, 'prometheus.yml');
    writeFileSync(
      config,
      ['metrics', 'hostile']
        .map((path) => scrapeConfig(path, target))
        .join('')
        .replace(/^/, 'scrape_configs:\n'),
    );
    this.#process = spawn(
      findProgram('prometheus') ?? '',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(this.#directory, 'data')}`,
        '--web.listen-address=127.0.0.1:0',
        '--enable-feature=exemplar-storage',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
  }

  /** Resolves once it listens; where, only its log says. */
  async start(): Promise<void> {
    const deadline = setTimeout(() => this.#process.kill(), startTimeoutMs);
    const seen: string[] = [];
    for await (const line of createInterface({ input: this.#process.stderr as NodeJS.ReadableStream })) {
      seen.push(line);
      const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
      if (address === undefined) continue;
      clearTimeout(deadline);
      this.#process.stderr?.resume();
      this.#url = `http://${address}`;
      return;
    }
    throw new Error(`Prometheus did not start:\n${seen.join('\n')}`);
  }

  async get<Data>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Data> {
    const answer = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(query)}`);
    const { status, data } = (await answer.json()) as Answer<Data>;
    assert.equal(status, 'success');
    return data;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, 'exit');
      this.#process.kill();
      await exited;
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Asks until there is an answer that will do; the test's own time limit ends it otherwise. */
async function until<Found>(ask: () => Promise<Found | undefined>): Promise<Found> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    await sleep(pollMs);
  }
}

describe('a Prometheus server', { skip: skipWithout('prometheus'), timeout: 120_000 }, () => {
  const own = startTestTelemetry('proxy', { environment: { OTEL_SAMPLE_RATIO: '0' } });
  const hostile = new MetricRegistry(hostileContract, { service: 'proxy', configured: {} });
  const accepted: (string | undefined)[] = [];
  let server: Server;
  let prometheus: Prometheus;

  before(async () => {
    server = createServer((request, response) => {
      accepted.push(request.headers.accept);
      const registry = request.url === '/hostile' ? hostile : own.telemetry.metrics;
      const { contentType, body } = registry.scrape(request.headers.accept);
      response.writeHead(200, { 'content-type': contentType }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    prometheus = new Prometheus(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    await prometheus.start();
  });

  after(async () => {
    await prometheus?.stop();
    server?.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await own.telemetry.stop();
  });

  /** One request, which fails or not; its trace id. */
  function serve({ seconds, fails }: { seconds: number; fails: boolean }): string {
    const { metrics, tracer } = own.telemetry;
    const labels = { method: 'GET', path: '/v1/models' } as const;
    const span = tracer.startSpan('GET /v1/models', { kind: 'server', parent: null });
    runInScope({ span }, () => {
      metrics.counter('http_requests_total').increment({ ...labels, status: fails ? '500' : '200' });
      metrics.histogram('http_request_duration_seconds').observe(labels, seconds);
    });
    if (fails) span.setStatus('error', 'broken');
    span.end();
    return span.traceId;
  }

  const exemplars = (query: string) =>
    prometheus.get<ExemplarSeries[]>('query_exemplars', {
      query,
      start: String(performance.timeOrigin / 1000 - 60),
      end: String(Date.now() / 1000 + 60),
    });

  test('takes the whole exposition, as OpenMetrics', async () => {
    serve({ seconds: 0.3, fails: false });
    const query = 'http_requests_total{status="200"}';
    await until(async () => {
      const { result } = await prometheus.get<{ result: unknown[] }>('query', { query });
      return result.length > 0 ? result : undefined;
    });
    assert.match(accepted[0] ?? '', /application\/openmetrics-text/);
    const targets = await until(async () => {
      const { activeTargets } = await prometheus.get<{ activeTargets: Target[] }>('targets');
      return activeTargets.every(({ health }) => health !== 'unknown') ? activeTargets : undefined;
    });
    assert.equal(targets.length, 2);
    for (const { health, lastError } of targets) assert.deepEqual([health, lastError], ['up', '']);
  });

  test('reads hostile label values as they were', async () => {
    for (const text of hostileValues) hostile.counter('hostile_texts_total').increment({ text });
    const found = await until(async () => {
      const { result } = await prometheus.get<{ result: { metric: { text: string } }[] }>('query', {
        query: 'hostile_texts_total',
      });
      return result.length > 0 ? result : undefined;
    });
    assert.deepEqual(found.map(({ metric }) => metric.text).toSorted(), hostileValues.toSorted());
  });

  test('knows type, help and unit of every metric', async () => {
    const metadata = await prometheus.get<FamilyMetadata[]>('targets/metadata');
    const known = new Map(metadata.map((entry) => [entry.metric, entry]));
    for (const [name, { type, help, unit }] of Object.entries(ibexContract.metrics)) {
      const family = type === 'counter' ? name.replace(/_total$/, '') : name;
      const entry = known.get(family);
      assert.deepEqual([entry?.type, entry?.help], [type, help], family);
      assert.equal(entry?.unit, family.endsWith(`_${unit}`) ? unit : '', family);
    }
  });

  test('keeps exemplars of the requests that failed, and of no other', async () => {
    const failed = new Set<string>();
    await until(async () => {
      serve({ seconds: 0.3, fails: false });
      failed.add(serve({ seconds: 0.8, fails: true }));
      const found = await exemplars('{__name__=~"http_requests_total|http_request_duration_seconds_bucket"}');
      const counters = found.filter(({ seriesLabels }) => seriesLabels.__name__ === 'http_requests_total');
      const buckets = found.filter(({ seriesLabels }) => seriesLabels.le !== undefined);
      return counters.length > 0 && buckets.length > 0 ? found : undefined;
    });
    const [bucket] = await exemplars('http_request_duration_seconds_bucket');
    assert.equal(bucket?.seriesLabels.le, '1.0');
    for (const { seriesLabels, exemplars: list } of await exemplars('{__name__=~"http_.*"}')) {
      assert.ok(seriesLabels.status === '500' || seriesLabels.le === '1.0', JSON.stringify(seriesLabels));
      for (const { labels, value } of list) {
        assert.ok(failed.has(labels.trace_id ?? ''));
        assert.equal(Number(value), seriesLabels.le === undefined ? 1 : 0.8);
      }
    }
    await own.telemetry.stop();
    const exported = new Set(own.exporter.spans.map(({ traceId }) => traceId));
    for (const traceId of failed) assert.ok(exported.has(traceId));
  });
});
