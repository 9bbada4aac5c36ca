import { tokenCount } from '../../dialects/token-count.ts';
import { isObject, type JsonObject } from '../../json.ts';

/** Counts of the Messages API as chat completions tell them: what was read from or put into a cache is input as well. */
export function toChatUsage(usage: unknown): JsonObject | undefined {
  if (!isObject(usage)) return undefined;
  const input = tokenCount(usage.input_tokens);
  const output = tokenCount(usage.output_tokens);
  if (input === undefined || output === undefined) return undefined;
  const cached = tokenCount(usage.cache_read_input_tokens) ?? 0;
  const promptTokens = input + cached + (tokenCount(usage.cache_creation_input_tokens) ?? 0);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: output,
    total_tokens: promptTokens + output,
    prompt_tokens_details: { cached_tokens: cached },
  };
}
