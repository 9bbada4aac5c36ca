import type { Telemetry } from '@ibex/telemetry';
import { setKeepTrailer } from '@ibex/telemetry/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Face } from '../dialects/face.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import { CallReport } from '../providers/call-report.ts';
import { ProviderFailure } from '../providers/failure.ts';
import type { Provider } from '../providers/provider.ts';
import type { ModelSource, Models } from '../routing/model-source.ts';
import { toApiError } from './answer-error.ts';
import { type ClientWatch, watchClient } from './watch-client.ts';
import { writeStream } from './write-stream.ts';

/** A request of a client, and where its answer goes. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** How the gateway's own words look at this endpoint. */
  readonly face: Face;
  /** Puts something around the provider for this request, e.g. what keeps conversations. */
  readonly wrap?: (provider: Provider) => Provider;
}

/** How a request that was admitted ended; undefined when another admission refused it. */
export type AdmissionEnd =
  | { readonly report: CallReport; readonly failure: ProviderFailure | undefined }
  | undefined;

/** Gives back what an admission took. It neither waits nor throws. */
export type Release = (end: AdmissionEnd) => void;

/**
 * Checks a request before a provider is asked. It throws the `ApiError` that refuses it. What it resolves to is called
 * exactly once, when the request has ended, however it does.
 */
export type Admission = (
  request: ModelRequest,
  exchange: Exchange,
) => Promise<Release | undefined> | Release | undefined;

export interface ServeParts {
  readonly telemetry: Telemetry;
  readonly models: ModelSource;
  readonly totalTimeoutMs: number;
  /** Asked in this order. */
  readonly admissions: readonly Admission[];
}

/** Has a model answer a request, whole or as a stream: the last step of every endpoint. */
export type Serve = (request: ModelRequest, exchange: Exchange) => Promise<unknown>;

export function createServe(parts: ServeParts): Serve {
  const keepAlives = parts.telemetry.metrics.counter('ibex_proxy_stream_keep_alives_total').bind({});
  const onKeepAlive = () => keepAlives.increment();
  return async (request, exchange) => {
    const models = parts.models.current;
    const found = models.router.find(request.model);
    const provider = exchange.wrap?.(found) ?? found;
    const releases = await admitted(parts.admissions, request, exchange);
    const report = createReport(request, exchange);
    report.onEnd((failure) => {
      for (const release of releases) release({ report, failure });
    });
    limitTime(report, parts.totalTimeoutMs);
    const client = watchClient(exchange.reply.raw, { report, policy: models.streaming });
    report.onEnd(models.hold());
    const { telemetry } = parts;
    const call = { telemetry, provider, request, report, exchange, models, client, onKeepAlive };
    try {
      return request.stream ? await stream(call) : await generate(call);
    } catch (error) {
      throw toClientError(error);
    } finally {
      // Ended already, unless it never became a call of a provider, e.g. refused by what was put around it.
      report.end(undefined);
    }
  };
}

async function admitted(
  admissions: readonly Admission[],
  request: ModelRequest,
  exchange: Exchange,
): Promise<readonly Release[]> {
  const { timing } = exchange.request;
  const startedAt = performance.now();
  const queuedMs = timing.queueMs;
  const releases: Release[] = [];
  try {
    for (const admit of admissions) {
      const admission = admit(request, exchange);
      const release = admission instanceof Promise ? await admission : admission;
      if (release !== undefined) releases.push(release);
    }
    return releases;
  } catch (error) {
    for (const release of releases) release(undefined);
    throw error;
  } finally {
    timing.limitMs += performance.now() - startedAt - (timing.queueMs - queuedMs);
  }
}

function createReport({ model }: ModelRequest, { request, face }: Exchange): CallReport {
  return new CallReport({
    requestId: request.ibex.requestId,
    dialect: face.dialect,
    model,
    caller: request.caller,
    agentId: request.agentId,
    timing: request.timing,
    record: request.ibex,
  });
}

function limitTime(report: CallReport, totalTimeoutMs: number): void {
  const timer = setTimeout(() => {
    const provider = report.served?.provider ?? 'none';
    const detail = `${totalTimeoutMs} ms are the limit.`;
    report.abort(new ProviderFailure('total_timeout', { provider, detail }));
  }, totalTimeoutMs);
  report.onEnd(() => clearTimeout(timer));
}

function toClientError(error: unknown): unknown {
  return error instanceof ProviderFailure ? error.toApiError() : error;
}

interface Call {
  readonly telemetry: Telemetry;
  readonly provider: Provider;
  readonly request: ModelRequest;
  readonly report: CallReport;
  readonly exchange: Exchange;
  readonly models: Models;
  readonly client: ClientWatch;
  readonly onKeepAlive: () => void;
}

async function generate({ provider, request, report, exchange }: Call): Promise<Uint8Array> {
  const startedAt = performance.now();
  const body = await provider.generate(request, report);
  exchange.reply.headers({
    ...report.answer.headers,
    'content-type': 'application/json; charset=utf-8',
    'openai-processing-ms': Math.round(performance.now() - startedAt),
    'server-timing': exchange.request.timing.toHeader(),
  });
  return body;
}

async function stream(call: Call): Promise<FastifyReply> {
  const { provider, request, report, exchange, models, client, onKeepAlive } = call;
  const { reply, face } = exchange;
  const events = await provider.stream(request, report);
  client.startStream();
  reply.hijack();
  setKeepTrailer(call.telemetry, { record: exchange.request.ibex, response: reply.raw });
  writeHead(call);
  await writeStream(events, {
    raw: reply.raw,
    report,
    policy: models.streaming,
    keepAlive: face.keepAlive,
    onKeepAlive,
    errorEvent: (error) => errorEvent(error, exchange),
  });
  return reply;
}

function writeHead({ report, exchange: { request, reply, face } }: Call): void {
  const idHeader = face.requestIdHeader;
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    ...report.answer.headers,
    ...(idHeader === undefined ? {} : { [idHeader]: request.ibex.requestId }),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
    'server-timing': request.timing.toHeader(),
  });
  // They go out with the first event where that is there already, and must not wait for one that is not.
  setImmediate(() => reply.raw.destroyed || reply.raw.flushHeaders());
}

function errorEvent(error: unknown, { request, face }: Exchange): Uint8Array {
  const answer = toApiError(toClientError(error));
  request.ibex.error ??= answer.code === 'internal_error' ? error : undefined;
  return face.errorEvent(answer, request.ibex.requestId);
}
