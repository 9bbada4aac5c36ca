import { isObject, type JsonObject } from '../../json.ts';
import type { Usage } from '../../providers/call-report.ts';
import { tokenCount } from '../token-count.ts';

/** Token counts of the Messages API: input is what was new, what came from a cache, and what went into one. */
export function readMessageUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const input = tokenCount(value.input_tokens);
  const outputTokens = tokenCount(value.output_tokens);
  if (input === undefined || outputTokens === undefined) return undefined;
  const cacheReadTokens = tokenCount(value.cache_read_input_tokens);
  const cacheWriteTokens = tokenCount(value.cache_creation_input_tokens);
  const inputTokens = input + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0);
  return { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
}

/** Later counts over earlier ones: those of a stream grow, and its last event does not always repeat them all. */
export function mergeUsage(earlier: unknown, later: unknown): JsonObject {
  const known = isObject(later) ? Object.entries(later).filter(([, count]) => count !== null) : [];
  return { ...(isObject(earlier) ? earlier : {}), ...Object.fromEntries(known) };
}
