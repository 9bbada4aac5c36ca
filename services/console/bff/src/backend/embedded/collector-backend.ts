import type { paths } from '@ibex/api/collector';
import createClient, { type Client } from 'openapi-fetch';
import { type Dispatcher, fetch, Request } from 'undici';
import type {
  CallOptions,
  LogQuery,
  LogVolumeQuery,
  MetricRangeQuery,
  SpanQuery,
  TelemetryBackend,
} from '../telemetry-backend.ts';
import { problemFromAnswer, problemFromFailure } from './problems.ts';

export interface CollectorBackendOptions {
  /** Base of the collector's query API, e.g. `http://127.0.0.1:8082`. */
  readonly url: string;
  readonly token: string;
  readonly dispatcher: Dispatcher;
  /** Longest wait for one answer. Default 10,000. */
  readonly timeoutMs?: number;
}

/** Reads telemetry from the collector's own store, over its query API. */
export class CollectorBackend implements TelemetryBackend {
  readonly kind = 'embedded';
  readonly #client: Client<paths>;
  readonly #url: string;
  readonly #timeoutMs: number;

  constructor(options: CollectorBackendOptions) {
    this.#url = options.url;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
    this.#client = createClient<paths>({
      baseUrl: options.url,
      headers: { authorization: `Bearer ${options.token}` },
      // A redirect would carry the token elsewhere.
      redirect: 'error',
      Request: Request as unknown as typeof globalThis.Request,
      fetch: ((request: Request) =>
        fetch(request, { dispatcher: options.dispatcher })) as unknown as typeof globalThis.fetch,
    });
  }

  services(options?: CallOptions) {
    return this.#ask((signal) => this.#client.GET('/api/v1/services', { signal }), options);
  }

  trace(traceId: string, options?: CallOptions) {
    const params = { path: { traceId } };
    return this.#ask((signal) => this.#client.GET('/api/v1/traces/{traceId}', { params, signal }), options);
  }

  spans(query: SpanQuery, options?: CallOptions) {
    return this.#ask((signal) => this.#client.GET('/api/v1/spans', { params: { query }, signal }), options);
  }

  logs(query: LogQuery, options?: CallOptions) {
    return this.#ask((signal) => this.#client.GET('/api/v1/logs', { params: { query }, signal }), options);
  }

  logVolume(query: LogVolumeQuery, options?: CallOptions) {
    return this.#ask(
      (signal) => this.#client.GET('/api/v1/logs/volume', { params: { query }, signal }),
      options,
    );
  }

  metrics(options?: CallOptions) {
    return this.#ask((signal) => this.#client.GET('/api/v1/metrics', { signal }), options);
  }

  metricRange(request: { name: string; query: MetricRangeQuery }, options?: CallOptions) {
    const params = { path: { name: request.name }, query: request.query };
    return this.#ask(
      (signal) => this.#client.GET('/api/v1/metrics/{name}/range', { params, signal }),
      options,
    );
  }

  async ready(options?: CallOptions): Promise<void> {
    await this.services(options);
  }

  async #ask<Data>(
    call: (signal: AbortSignal) => Promise<{ data?: Data; error?: unknown; response: { status: number } }>,
    options: CallOptions = {},
  ): Promise<Data> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
    const answer = await call(signal).catch((error: unknown) => {
      throw problemFromFailure(error, { url: this.#url });
    });
    if (answer.data !== undefined) return answer.data;
    throw problemFromAnswer(answer.error, { url: this.#url, status: answer.response.status });
  }
}
