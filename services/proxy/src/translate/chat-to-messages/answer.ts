import { isObject, type JsonObject } from '../../json.ts';
import { toFinishReason } from './finish-reason.ts';
import { toChatUsage } from './usage.ts';

function textOf(blocks: readonly JsonObject[], type: 'text' | 'thinking'): string | undefined {
  const texts = blocks.filter((block) => block.type === type).map((block) => String(block[type] ?? ''));
  return texts.length === 0 ? undefined : texts.join('');
}

function toolCalls(blocks: readonly JsonObject[]): JsonObject[] {
  return blocks
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input ?? {}) },
    }));
}

/** A message of the Messages API as a chat completion. */
export function toCompletionBody(message: JsonObject, createdUnixSeconds: number): JsonObject {
  const blocks = (Array.isArray(message.content) ? message.content : []).filter(isObject);
  const calls = toolCalls(blocks);
  const reasoning = textOf(blocks, 'thinking');
  return {
    id: message.id,
    object: 'chat.completion',
    created: createdUnixSeconds,
    model: message.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: textOf(blocks, 'text') ?? null,
          refusal: null,
          ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: toFinishReason(message.stop_reason),
      },
    ],
    usage: toChatUsage(message.usage),
  };
}
