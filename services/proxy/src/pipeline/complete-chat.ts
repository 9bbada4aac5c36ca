import { Readable } from 'node:stream';
import type { Telemetry } from '@ibex/telemetry';
import { runInScope } from '@ibex/telemetry/context';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from '../api-error.ts';
import type { ModelCatalogue, ServedModel } from '../providers/catalogue.ts';
import { dataEvent } from '../sse/event.ts';
import { toApiError } from './answer-error.ts';
import type { CallsInFlight } from './calls-in-flight.ts';
import { type ChatRequest, readChatRequest } from './chat-request.ts';
import { ProviderCall } from './provider-call.ts';
import { type BodyLimits, checkMediaType, parseJson, readBody } from './read-body.ts';
import type { RecordCall } from './record-call.ts';

export interface CompleteChatParts {
  readonly bodyLimits: BodyLimits;
  readonly models: ModelCatalogue;
  readonly totalTimeoutMs: number;
  readonly calls: CallsInFlight;
  readonly telemetry: Telemetry;
  readonly record: RecordCall;
}

/** Everything that is known when a provider is called. */
interface Exchange {
  readonly chat: ChatRequest;
  readonly model: ServedModel;
  readonly call: ProviderCall;
  readonly reply: FastifyReply;
}

/** Last step: reads the request, finds who serves the model, and passes the answer on, whole or as a stream. */
export function completeChat(
  parts: CompleteChatParts,
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const chat = await readChat(request, parts.bodyLimits);
    const model = parts.models.find(chat.model);
    const call = startCall(parts, { chat, model, request });
    cancelWhenClientLeaves(reply, call);
    const exchange = { chat, model, call, reply };
    try {
      return chat.stream ? await stream(exchange) : await generate(exchange);
    } catch (error) {
      throw call.fail(error);
    }
  };
}

async function readChat(request: FastifyRequest, limits: BodyLimits): Promise<ChatRequest> {
  checkMediaType(request.raw);
  const bytes = await readBody(request.raw, limits);
  return readChatRequest(parseJson(bytes), bytes);
}

function startCall(
  parts: CompleteChatParts,
  { chat, model, request }: { chat: ChatRequest; model: ServedModel; request: FastifyRequest },
): ProviderCall {
  const call = new ProviderCall({
    operation: chat.stream ? 'generate_stream' : 'generate',
    model,
    request: request.ibex,
    totalTimeoutMs: parts.totalTimeoutMs,
    telemetry: parts.telemetry,
    record: (end) => {
      parts.calls.remove(call);
      parts.record(end);
    },
  });
  parts.calls.add(call);
  return call;
}

/** Before other listeners: the log line that they write tells how the call ended. */
function cancelWhenClientLeaves({ raw }: FastifyReply, call: ProviderCall): void {
  if (raw.destroyed) call.cancel();
  raw.prependOnceListener('close', () => {
    if (!raw.writableFinished) call.cancel();
  });
}

async function generate({ chat, model, call, reply }: Exchange): Promise<Uint8Array> {
  const startedAt = performance.now();
  const body = await runInScope({ span: call.span }, () => model.provider.generate(chat, call.report));
  call.end();
  reply.header('content-type', 'application/json; charset=utf-8');
  reply.header('openai-processing-ms', Math.round(performance.now() - startedAt));
  return body;
}

async function stream(exchange: Exchange): Promise<Readable> {
  const { chat, model, call, reply } = exchange;
  const events = await runInScope({ span: call.span }, () => model.provider.stream(chat, call.report));
  call.startStream();
  reply.headers({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
  return Readable.from(passOn(events, exchange), { objectMode: false });
}

/** The provider's events as they come. A failure is one more event and then the end, never a bare cut. */
async function* passOn(
  events: AsyncIterable<Uint8Array>,
  { call, reply }: Exchange,
): AsyncGenerator<Uint8Array, void, undefined> {
  // The headers, with the request id, must not wait for the first event.
  reply.raw.flushHeaders();
  try {
    yield* events;
    call.end();
  } catch (error) {
    const answer = toApiError(call.fail(error));
    reply.request.ibex.error ??= answer.code === 'internal_error' ? error : undefined;
    yield dataEvent(errorBody(answer, reply.request.ibex.requestId));
  }
}
