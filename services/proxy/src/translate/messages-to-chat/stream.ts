import { isObject, type JsonObject } from '../../json.ts';
import { toStopReason } from './stop-reason.ts';
import { toMessageUsage } from './usage.ts';

/** Retells the chunks of one streamed chat completion as events of the Messages API. */
export class MessageFromChunks {
  #started = false;
  /** Blocks begun so far; the last is the one that is open. */
  #blocks = 0;
  /** What the open block is: text, or a tool call by its index; undefined between blocks. */
  #open: 'text' | number | undefined;
  #finishReason: unknown;
  #usage: unknown;

  /** The events that a chunk becomes. */
  push(chunk: JsonObject): JsonObject[] {
    if (isObject(chunk.usage)) this.#usage = chunk.usage;
    const events = this.#started ? [] : [this.#start(chunk)];
    const [choice] = (Array.isArray(chunk.choices) ? chunk.choices : []).filter(isObject);
    if (isObject(choice?.delta)) events.push(...this.#continue(choice.delta));
    this.#finishReason ??= choice?.finish_reason ?? undefined;
    return events;
  }

  /** The events that end the message. */
  end(): JsonObject[] {
    return [
      ...this.#close(),
      {
        type: 'message_delta',
        delta: { stop_reason: toStopReason(this.#finishReason), stop_sequence: null },
        usage: toMessageUsage(this.#usage),
      },
      { type: 'message_stop' },
    ];
  }

  #start({ id, model }: JsonObject): JsonObject {
    this.#started = true;
    const message = {
      ...{ id, type: 'message', role: 'assistant', model, content: [] },
      ...{ stop_reason: null, stop_sequence: null, usage: toMessageUsage(undefined) },
    };
    return { type: 'message_start', message };
  }

  #continue(delta: JsonObject): JsonObject[] {
    const text = typeof delta.content === 'string' ? delta.content : delta.refusal;
    const calls: readonly unknown[] = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
    return [
      ...(typeof text === 'string' && text !== '' ? this.#text(text) : []),
      ...calls.filter(isObject).flatMap((call) => this.#call(call)),
    ];
  }

  #text(text: string): JsonObject[] {
    const events = this.#open === 'text' ? [] : this.#begin('text', { type: 'text', text: '' });
    return [...events, this.#delta({ type: 'text_delta', text })];
  }

  #call({ index = 0, id, function: called }: JsonObject): JsonObject[] {
    const { name, arguments: input } = isObject(called) ? called : {};
    const begins = this.#open !== index && typeof name === 'string';
    const events = begins ? this.#begin(Number(index), { type: 'tool_use', id, name, input: {} }) : [];
    if (typeof input !== 'string' || input === '') return events;
    return [...events, this.#delta({ type: 'input_json_delta', partial_json: input })];
  }

  #begin(what: 'text' | number, block: JsonObject): JsonObject[] {
    const closed = this.#close();
    this.#open = what;
    this.#blocks += 1;
    return [...closed, { type: 'content_block_start', index: this.#blocks - 1, content_block: block }];
  }

  #delta(delta: JsonObject): JsonObject {
    return { type: 'content_block_delta', index: this.#blocks - 1, delta };
  }

  #close(): JsonObject[] {
    if (this.#open === undefined) return [];
    this.#open = undefined;
    return [{ type: 'content_block_stop', index: this.#blocks - 1 }];
  }
}
