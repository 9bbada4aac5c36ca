import { isObject, type JsonObject } from '../../json.ts';
import type { TranslationContext } from '../translation.ts';
import { type OpenItem, openCall, openMessage } from './open-item.ts';
import { endOf, type ResponseParts, responseBody, toResponseUsage } from './response.ts';

/** Retells the chunks of one streamed chat completion as the events of a response. */
export class ResponseFromChunks {
  readonly #context: TranslationContext;
  readonly #createdUnixSeconds = Math.floor(Date.now() / 1000);
  readonly #output: JsonObject[] = [];
  #open: OpenItem | undefined;
  #openCall: unknown;
  #sequence = 0;
  #started = false;
  #model: unknown;
  #finishReason: unknown;
  #usage: unknown;

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  /** The events that a chunk becomes. */
  push(chunk: JsonObject): JsonObject[] {
    this.#model ??= chunk.model;
    if (isObject(chunk.usage)) this.#usage = chunk.usage;
    const [choice] = (Array.isArray(chunk.choices) ? chunk.choices : []).filter(isObject);
    this.#finishReason ??= choice?.finish_reason ?? undefined;
    const events = this.#started ? [] : this.#start();
    if (isObject(choice?.delta)) events.push(...this.#continue(choice.delta));
    return events.map((event) => this.#number(event));
  }

  /** The events that end the response. */
  end(): JsonObject[] {
    const end = endOf(this.#finishReason);
    const events = this.#close();
    const response = this.#response({ ...end, usage: toResponseUsage(this.#usage) });
    return [...events, { type: `response.${end.status}`, response }].map((event) => this.#number(event));
  }

  #start(): JsonObject[] {
    this.#started = true;
    const response = this.#response({ status: 'in_progress', usage: null });
    return [
      { type: 'response.created', response },
      { type: 'response.in_progress', response },
    ];
  }

  #continue(delta: JsonObject): JsonObject[] {
    const { content, tool_calls: toolCalls } = delta;
    const calls: readonly unknown[] = Array.isArray(toolCalls) ? toolCalls : [];
    return [
      ...(typeof content === 'string' && content !== '' ? this.#say(content) : []),
      ...calls.filter(isObject).flatMap((call) => this.#call(call)),
    ];
  }

  #say(text: string): JsonObject[] {
    const events = this.#open?.kind === 'message' ? [] : this.#begin(openMessage(this.#place()));
    return [...events, ...(this.#open?.add(text) ?? [])];
  }

  #call({ index = 0, id, function: wanted }: JsonObject): JsonObject[] {
    const { name, arguments: text } = isObject(wanted) ? wanted : {};
    const begins = typeof name === 'string' && (this.#open?.kind !== 'call' || this.#openCall !== index);
    const events = begins ? this.#begin(openCall(this.#place(), { callId: id, name })) : [];
    if (begins) this.#openCall = index;
    return typeof text === 'string' && text !== '' ? [...events, ...(this.#open?.add(text) ?? [])] : events;
  }

  #place() {
    const index = this.#output.length + (this.#open === undefined ? 0 : 1);
    return { requestId: this.#context.requestId, index };
  }

  #begin(item: OpenItem): JsonObject[] {
    const closed = this.#close();
    this.#open = item;
    return [...closed, ...item.begin()];
  }

  #close(): JsonObject[] {
    if (this.#open === undefined) return [];
    const { events, item } = this.#open.end();
    this.#open = undefined;
    this.#output.push(item);
    return events;
  }

  #response(parts: Pick<ResponseParts, 'status' | 'reason' | 'usage'>): JsonObject {
    const model = this.#model ?? this.#context.request.model;
    const output = [...this.#output];
    return responseBody(
      { ...parts, model, output, createdUnixSeconds: this.#createdUnixSeconds },
      this.#context,
    );
  }

  #number(event: JsonObject): JsonObject {
    return { ...event, sequence_number: this.#sequence++ };
  }
}
