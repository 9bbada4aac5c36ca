import { isObject } from '../../json.ts';
import type { Usage } from '../../providers/call-report.ts';
import { tokenCount } from '../token-count.ts';

/** Token counts of a response, when both are there: half a count is none. */
export function readResponseUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const inputTokens = tokenCount(value.input_tokens);
  const outputTokens = tokenCount(value.output_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const input = isObject(value.input_tokens_details) ? value.input_tokens_details : undefined;
  const output = isObject(value.output_tokens_details) ? value.output_tokens_details : undefined;
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: tokenCount(input?.cached_tokens),
    reasoningTokens: tokenCount(output?.reasoning_tokens),
  };
}
