import { isObject, type JsonObject } from '../../json.ts';
import { toFinishReason } from './finish-reason.ts';
import { toChatUsage } from './usage.ts';

/** Retells the events of one streamed message as chunks of a chat completion. */
export class ChunksFromMessage {
  readonly #createdUnixSeconds: number;
  readonly #includeUsage: boolean;
  #id: unknown;
  #model: unknown;
  #usage: Record<string, unknown> = {};
  /** Which tool call a content block is, by the block's index. */
  readonly #calls = new Map<unknown, number>();

  constructor(options: { readonly createdUnixSeconds: number; readonly includeUsage: boolean }) {
    this.#createdUnixSeconds = options.createdUnixSeconds;
    this.#includeUsage = options.includeUsage;
  }

  /** The chunks that an event becomes: none for those that say nothing to a reader of chunks, such as `ping`. */
  push(event: JsonObject): JsonObject[] {
    switch (event.type) {
      case 'message_start':
        return this.#start(event.message);
      case 'content_block_start':
        return this.#startBlock(event);
      case 'content_block_delta':
        return this.#continueBlock(event);
      case 'message_delta':
        return this.#finish(event);
      default:
        return [];
    }
  }

  #start(message: unknown): JsonObject[] {
    if (!isObject(message)) return [];
    this.#id = message.id;
    this.#model = message.model;
    this.#count(message.usage);
    return [this.#chunk({ role: 'assistant', content: '' })];
  }

  #startBlock({ index, content_block: block }: JsonObject): JsonObject[] {
    if (!isObject(block) || block.type !== 'tool_use') return [];
    const call = this.#calls.size;
    this.#calls.set(index, call);
    const called = { name: block.name, arguments: '' };
    return [this.#chunk({ tool_calls: [{ index: call, id: block.id, type: 'function', function: called }] })];
  }

  #continueBlock({ index, delta }: JsonObject): JsonObject[] {
    if (!isObject(delta)) return [];
    if (delta.type === 'text_delta') return [this.#chunk({ content: delta.text })];
    if (delta.type === 'thinking_delta') return [this.#chunk({ reasoning_content: delta.thinking })];
    const call = this.#calls.get(index);
    if (delta.type !== 'input_json_delta' || call === undefined) return [];
    return [this.#chunk({ tool_calls: [{ index: call, function: { arguments: delta.partial_json } }] })];
  }

  #finish({ delta, usage }: JsonObject): JsonObject[] {
    this.#count(usage);
    const reason = isObject(delta) ? delta.stop_reason : undefined;
    if (reason === undefined || reason === null) return [];
    const last = this.#chunk({}, toFinishReason(reason));
    const counted = this.#includeUsage ? toChatUsage(this.#usage) : undefined;
    return counted === undefined ? [last] : [last, { ...this.#head(), choices: [], usage: counted }];
  }

  /** Counts grow while the message does: later ones replace those before. */
  #count(usage: unknown): void {
    if (!isObject(usage)) return;
    for (const [name, count] of Object.entries(usage)) if (count !== null) this.#usage[name] = count;
  }

  #head(): JsonObject {
    return {
      id: this.#id,
      object: 'chat.completion.chunk',
      created: this.#createdUnixSeconds,
      model: this.#model,
    };
  }

  #chunk(delta: JsonObject, finishReason: string | null = null): JsonObject {
    const usage = this.#includeUsage ? { usage: null } : {};
    return {
      ...this.#head(),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...usage,
    };
  }
}
