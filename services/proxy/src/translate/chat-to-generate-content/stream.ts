import type { JsonObject } from '../../json.ts';
import type { AnswerContext } from './answer.ts';
import { candidatesOf, readCandidate, toFinishReason } from './candidate.ts';
import { toChatUsage } from './usage.ts';

/** Retells the pieces of a streamed answer of generateContent as chunks of a chat completion. */
export class ChunksFromContent {
  readonly #context: AnswerContext & { readonly includeUsage: boolean };
  #calls = 0;
  #started = false;
  #head: JsonObject = {};
  #usage: unknown;

  constructor(context: AnswerContext & { readonly includeUsage: boolean }) {
    this.#context = context;
  }

  /** The chunks that a piece becomes. */
  push(body: JsonObject): JsonObject[] {
    const { requestId, createdUnixSeconds, model } = this.#context;
    this.#head = {
      id: body.responseId ?? `chatcmpl-${requestId}`,
      object: 'chat.completion.chunk',
      created: createdUnixSeconds,
      model: body.modelVersion ?? model,
    };
    this.#usage = body.usageMetadata ?? this.#usage;
    const first = this.#started ? [] : [this.#chunk({ role: 'assistant', content: '' })];
    this.#started = true;
    return [...first, ...candidatesOf(body).flatMap((candidate) => this.#candidate(candidate))];
  }

  /** The chunk with the usage, when it was asked for and is known. */
  end(): JsonObject[] {
    const usage = this.#context.includeUsage ? toChatUsage(this.#usage) : undefined;
    return usage === undefined ? [] : [{ ...this.#head, choices: [], usage }];
  }

  #candidate(candidate: JsonObject): JsonObject[] {
    const firstCall = this.#calls;
    const nextId = () => `call_${this.#context.requestId}_${this.#calls++}`;
    const { content, reasoning, toolCalls } = readCandidate(candidate, nextId);
    const calls = toolCalls.map((call, index) => ({ index: firstCall + index, ...call }));
    const chunks: JsonObject[] = [];
    if (reasoning !== undefined) chunks.push(this.#chunk({ reasoning_content: reasoning }, candidate));
    if (content !== undefined && content !== '') chunks.push(this.#chunk({ content }, candidate));
    if (calls.length > 0) chunks.push(this.#chunk({ tool_calls: calls }, candidate));
    if (typeof candidate.finishReason !== 'string') return chunks;
    const reason = toFinishReason(candidate.finishReason, this.#calls > 0);
    return [...chunks, this.#chunk({}, { ...candidate, reason })];
  }

  #chunk(delta: JsonObject, { index = 0, reason = null }: JsonObject = {}): JsonObject {
    const usage = this.#context.includeUsage ? { usage: null } : {};
    return { ...this.#head, choices: [{ index, delta, logprobs: null, finish_reason: reason }], ...usage };
  }
}
