import { tokenCount } from '../../dialects/token-count.ts';
import { isObject, type JsonObject } from '../../json.ts';

/** Counts of generateContent as chat completions tell them: thoughts are output there. */
export function toChatUsage(usage: unknown): JsonObject | undefined {
  if (!isObject(usage)) return undefined;
  const prompt = tokenCount(usage.promptTokenCount);
  if (prompt === undefined) return undefined;
  const thoughts = tokenCount(usage.thoughtsTokenCount) ?? 0;
  // Left out when nothing was said.
  const completion = (tokenCount(usage.candidatesTokenCount) ?? 0) + thoughts;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: tokenCount(usage.cachedContentTokenCount) ?? 0 },
    completion_tokens_details: { reasoning_tokens: thoughts },
  };
}
