import { isObject, type JsonObject } from '../../json.ts';
import type { CallReport, Usage } from '../../providers/call-report.ts';
import type { Observer } from '../observer.ts';
import { tokenCount } from '../token-count.ts';

function readUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const inputTokens = tokenCount(value.promptTokenCount);
  if (inputTokens === undefined) return undefined;
  const reasoningTokens = tokenCount(value.thoughtsTokenCount);
  // Left out when nothing was said.
  const outputTokens = (tokenCount(value.candidatesTokenCount) ?? 0) + (reasoningTokens ?? 0);
  const cacheReadTokens = tokenCount(value.cachedContentTokenCount);
  return { inputTokens, outputTokens, reasoningTokens, cacheReadTokens };
}

function candidatesOf({ candidates }: JsonObject): readonly JsonObject[] {
  return (Array.isArray(candidates) ? candidates : []).filter(isObject);
}

function observe(body: JsonObject, { answer }: CallReport): void {
  answer.name(body.responseId, body.modelVersion);
  for (const { finishReason } of candidatesOf(body)) answer.finish(finishReason);
  if (isObject(body.promptFeedback)) answer.finish(body.promptFeedback.blockReason);
  answer.countTokens(readUsage(body.usageMetadata), 'provider');
}

function saysSomething({ content }: JsonObject): boolean {
  return isObject(content) && Array.isArray(content.parts) && content.parts.length > 0;
}

/** Reads answers of generateContent. A stream ends with its body, after a piece that says why. */
export const generateContentObserver: Observer = {
  endMarker: undefined,
  answer: observe,
  event({ body }, report) {
    if (isObject(body.error)) return 'error';
    observe(body, report);
    return candidatesOf(body).some(saysSomething) ? 'answer' : 'lifecycle';
  },
};
