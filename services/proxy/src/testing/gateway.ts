import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { commonSettings, readSettings } from '@ibex/service';
import type { ObservabilityConfig, Telemetry } from '@ibex/telemetry';
import { type MemoryDestination, type MemoryExporter, startTestTelemetry } from '@ibex/telemetry/testing';
import type { FinishedSpan } from '@ibex/telemetry/traces';
import { z } from 'zod';
import { proxySettings } from '../config.ts';
import { buildGateway } from '../gateway.ts';
import { gatewayLabels } from '../routing/configured-labels.ts';
import { startAuthServer, type TestAuthServer } from './auth-server.ts';

export interface TestGateway {
  readonly url: string;
  readonly auth: TestAuthServer;
  readonly telemetry: Telemetry;
  readonly destination: MemoryDestination;
  /** Posts a chat completion with the good token unless `headers` say otherwise. */
  post(
    body: unknown,
    options?: { headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<Response>;
  /** A chat with the echo, in one line. */
  echo(content: string, options?: Record<string, unknown>): Promise<Response>;
  /** The value of a series of `/metrics`, by its name and labels as written there; undefined when it is not there. */
  metric(series: string): Promise<number | undefined>;
  /** Delivers what waits and returns all spans. */
  spans(): Promise<readonly FinishedSpan[]>;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  readonly environment?: Record<string, string>;
  readonly config?: Record<string, unknown>;
}

/** Starts a whole gateway on a free port, with an auth service behind it; both end with the test. */
export async function startGateway(
  context: TestContext,
  options: TestGatewayOptions = {},
): Promise<TestGateway> {
  const auth = await startAuthServer();
  const environment = {
    IBEX_AUTH_GRPC_ADDRESS: auth.address,
    IBEX_PROXY_PORT: '0',
    IBEX_PROXY_DRAIN_DELAY_MS: '0',
    ...options.environment,
  };
  const settings = readSettings(z.object({ ...commonSettings, ...proxySettings }), environment);
  const config = options.config ?? {};
  const configured = gatewayLabels({ settings, environment, config });
  const { telemetry, exporter, destination } = startTestTelemetry('proxy', {
    configured,
    observability: (config.observability ?? {}) as ObservabilityConfig,
  });
  const built = await buildGateway({ settings, telemetry, environment, config });
  const [server] = built.servers;
  if (server === undefined) throw new Error('the gateway has no server');
  const url = await server.listen();
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    await server?.close();
    for (const step of built.stop ?? []) await step();
    await telemetry.stop();
    auth.stop();
  }
  const stop = () => (stopping ??= stopAll());
  context.after(stop);
  return {
    url,
    auth,
    telemetry,
    destination,
    stop,
    ...clientFor(url, telemetry),
    spans: () => collectSpans(exporter),
  };
}

function clientFor(url: string, telemetry: Telemetry): Pick<TestGateway, 'post' | 'echo' | 'metric'> {
  const post: TestGateway['post'] = (body, { headers = {}, signal } = {}) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer good', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    post,
    echo: (content, options = {}) =>
      post({ model: 'echo', messages: [{ role: 'user', content }], ...options }),
    metric: async (series) => {
      // Not over HTTP: the scrape would be one more request and connection in the numbers.
      const text = telemetry.metrics.exposition();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    },
  };
}

/** Spans leave in batches, twice a second. */
async function collectSpans(exporter: MemoryExporter): Promise<readonly FinishedSpan[]> {
  let seen = -1;
  while (exporter.spans.length === 0 || exporter.spans.length !== seen) {
    seen = exporter.spans.length;
    await wait(600);
  }
  return exporter.spans;
}

/** Waits until the condition holds; the test's own time-out ends it otherwise. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(10);
}
