import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Face } from '../dialects/face.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import { CallReport } from '../providers/call-report.ts';
import { ProviderFailure } from '../providers/failure.ts';
import type { Provider } from '../providers/provider.ts';
import type { ModelSource } from '../routing/model-source.ts';
import { toApiError } from './answer-error.ts';

/** A request of a client, and where its answer goes. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** How the gateway's own words look at this endpoint. */
  readonly face: Face;
  /** Puts something around the provider for this request, e.g. what keeps conversations. */
  readonly wrap?: (provider: Provider) => Provider;
}

/** Checks a request before a provider is asked. It throws the `ApiError` that refuses it. */
export type Admission = (request: ModelRequest, exchange: Exchange) => Promise<void> | void;

export interface ServeParts {
  readonly models: ModelSource;
  readonly totalTimeoutMs: number;
  /** Asked in this order. */
  readonly admissions: readonly Admission[];
}

/** Has a model answer a request, whole or as a stream: the last step of every endpoint. */
export type Serve = (request: ModelRequest, exchange: Exchange) => Promise<unknown>;

export function createServe(parts: ServeParts): Serve {
  return async (request, exchange) => {
    const found = parts.models.router.find(request.model);
    const provider = exchange.wrap?.(found) ?? found;
    for (const admit of parts.admissions) await admit(request, exchange);
    const report = createReport(request, exchange);
    const timer = setTimeout(() => report.abort(tooLong(report, parts.totalTimeoutMs)), parts.totalTimeoutMs);
    cancelWhenClientLeaves(exchange.reply, report);
    exchange.reply.raw.once('close', () => clearTimeout(timer));
    try {
      const answer = { provider, request, report, exchange };
      return request.stream ? await stream(answer) : await generate(answer);
    } catch (error) {
      throw toClientError(error);
    }
  };
}

function createReport({ model }: ModelRequest, { request, face }: Exchange): CallReport {
  return new CallReport({
    requestId: request.ibex.requestId,
    dialect: face.dialect,
    model,
    caller: request.caller,
    agentId: request.agentId,
    record: request.ibex,
  });
}

function tooLong({ served }: CallReport, totalTimeoutMs: number): ProviderFailure {
  const detail = `${totalTimeoutMs} ms are the limit.`;
  return new ProviderFailure('total_timeout', { provider: served?.provider ?? 'none', detail });
}

function toClientError(error: unknown): unknown {
  return error instanceof ProviderFailure ? error.toApiError() : error;
}

/** Before other listeners: the log line that they write tells how the call ended. */
function cancelWhenClientLeaves({ raw }: FastifyReply, report: CallReport): void {
  const leave = () =>
    report.abort(new ProviderFailure('client_left', { provider: report.served?.provider ?? 'none' }));
  if (raw.destroyed) leave();
  raw.prependOnceListener('close', () => {
    if (!raw.writableFinished) leave();
  });
}

interface Answering {
  readonly provider: Provider;
  readonly request: ModelRequest;
  readonly report: CallReport;
  readonly exchange: Exchange;
}

async function generate({ provider, request, report, exchange }: Answering): Promise<Uint8Array> {
  const startedAt = performance.now();
  const body = await provider.generate(request, report);
  exchange.reply.headers({
    ...report.answer.headers,
    'content-type': 'application/json; charset=utf-8',
    'openai-processing-ms': Math.round(performance.now() - startedAt),
  });
  return body;
}

async function stream(answering: Answering): Promise<Readable> {
  const { provider, request, report, exchange } = answering;
  const events = await provider.stream(request, report);
  exchange.reply.headers({
    ...report.answer.headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  return Readable.from(passOn(events, exchange), { objectMode: false });
}

/** The provider's events as they come. A failure is one more event and then the end, never a bare cut. */
async function* passOn(
  events: AsyncIterable<Uint8Array>,
  { request, reply, face }: Exchange,
): AsyncGenerator<Uint8Array, void, undefined> {
  // The headers, with the request id, must not wait for the first event.
  reply.raw.flushHeaders();
  try {
    yield* events;
  } catch (error) {
    const answer = toApiError(toClientError(error));
    request.ibex.error ??= answer.code === 'internal_error' ? error : undefined;
    yield face.errorEvent(answer, request.ibex.requestId);
  }
}
