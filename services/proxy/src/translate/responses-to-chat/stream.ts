import { isObject, type JsonObject } from '../../json.ts';
import { type Part, PartsInOrder, type Step } from '../parts-in-order.ts';
import type { TranslationContext } from '../translation.ts';
import { type OpenItem, openCall, openReasoning, openRefusal, openText } from './open-item.ts';
import { endOf, type ResponseParts, responseBody, toResponseUsage } from './response.ts';

/** Retells the chunks of one streamed chat completion as the events of a response. */
export class ResponseFromChunks {
  readonly #context: TranslationContext;
  readonly #createdUnixSeconds = Math.floor(Date.now() / 1000);
  readonly #output: JsonObject[] = [];
  readonly #parts = new PartsInOrder();
  #open: OpenItem | undefined;
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
    if (isObject(choice?.delta)) events.push(...this.#tell(this.#parts.push(choice.delta)));
    return events.map((event) => this.#number(event));
  }

  /** The events that end the response. */
  end(): JsonObject[] {
    const end = endOf(this.#finishReason);
    const events = [...this.#tell(this.#parts.end()), ...this.#close()];
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

  #tell(steps: readonly Step[]): JsonObject[] {
    return steps.flatMap((step) => this.#step(step));
  }

  #step(step: Step): JsonObject[] {
    return 'begin' in step ? this.#begin(this.#itemOf(step.begin)) : (this.#open?.add(step.add) ?? []);
  }

  #itemOf(part: Part): OpenItem {
    if (part.kind === 'call') return openCall(this.#place(), { callId: part.id, name: part.name });
    if (part.kind === 'reasoning') return openReasoning(this.#place());
    return part.kind === 'refusal' ? openRefusal(this.#place()) : openText(this.#place());
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
