import { readChatUsage } from '../../dialects/chat/observer.ts';
import type { JsonObject } from '../../json.ts';

/** Counts of a chat completion as the Messages API tells them: what came from a cache stands apart. Zeros when unknown. */
export function toMessageUsage(usage: unknown): JsonObject {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0 } = readChatUsage(usage) ?? {};
  return {
    input_tokens: inputTokens - cacheReadTokens,
    output_tokens: outputTokens,
    cache_read_input_tokens: cacheReadTokens,
    cache_creation_input_tokens: 0,
  };
}
