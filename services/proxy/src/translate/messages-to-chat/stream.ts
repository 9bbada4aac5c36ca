import { isObject, type JsonObject } from '../../json.ts';
import { type Part, PartsInOrder, type Step } from '../parts-in-order.ts';
import { toStopReason } from './stop-reason.ts';
import { toMessageUsage } from './usage.ts';

/** Retells the chunks of one streamed chat completion as events of the Messages API. */
export class MessageFromChunks {
  #started = false;
  /** Blocks begun so far; the last is the one that is open. */
  #blocks = 0;
  readonly #parts = new PartsInOrder();
  /** What the open block tells; undefined between blocks. */
  #open: Part | undefined;
  #finishReason: unknown;
  #usage: unknown;

  /** The events that a chunk becomes. */
  push(chunk: JsonObject): JsonObject[] {
    if (isObject(chunk.usage)) this.#usage = chunk.usage;
    const events = this.#started ? [] : [this.#start(chunk)];
    const [choice] = (Array.isArray(chunk.choices) ? chunk.choices : []).filter(isObject);
    if (isObject(choice?.delta)) events.push(...this.#tell(this.#parts.push(choice.delta)));
    this.#finishReason ??= choice?.finish_reason ?? undefined;
    return events;
  }

  /** The events that end the message. */
  end(): JsonObject[] {
    return [
      ...this.#tell(this.#parts.end()),
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

  #tell(steps: readonly Step[]): JsonObject[] {
    return steps.flatMap((step) => this.#step(step));
  }

  #step(step: Step): JsonObject[] {
    if ('begin' in step) return this.#begin(step.begin);
    // Thoughts come in blocks that their provider has signed: others would be refused when they are sent back.
    if (this.#open?.kind === 'reasoning') return [];
    if (this.#open?.kind === 'call') {
      return [this.#delta({ type: 'input_json_delta', partial_json: step.add })];
    }
    return [this.#delta({ type: 'text_delta', text: step.add })];
  }

  #begin(part: Part): JsonObject[] {
    const closed = this.#close();
    this.#open = part;
    if (part.kind === 'reasoning') return closed;
    this.#blocks += 1;
    const block =
      part.kind === 'call'
        ? { type: 'tool_use', id: part.id, name: part.name, input: {} }
        : { type: 'text', text: '' };
    return [...closed, { type: 'content_block_start', index: this.#blocks - 1, content_block: block }];
  }

  #delta(delta: JsonObject): JsonObject {
    return { type: 'content_block_delta', index: this.#blocks - 1, delta };
  }

  #close(): JsonObject[] {
    const hadBlock = this.#open !== undefined && this.#open.kind !== 'reasoning';
    this.#open = undefined;
    if (!hadBlock) return [];
    return [{ type: 'content_block_stop', index: this.#blocks - 1 }];
  }
}
