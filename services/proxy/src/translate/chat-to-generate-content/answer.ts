import type { JsonObject } from '../../json.ts';
import { candidatesOf, readCandidate, toFinishReason } from './candidate.ts';
import { toChatUsage } from './usage.ts';

export interface AnswerContext {
  readonly requestId: string;
  readonly createdUnixSeconds: number;
  /** As the client asked for it, for answers that do not name one. */
  readonly model: string;
}

/** An answer of generateContent as a chat completion. */
export function toCompletionBody(body: JsonObject, context: AnswerContext): JsonObject {
  let calls = 0;
  const nextId = () => `call_${context.requestId}_${calls++}`;
  const choices = candidatesOf(body).map((candidate, index) => {
    const { content, reasoning, toolCalls } = readCandidate(candidate, nextId);
    return {
      index: candidate.index ?? index,
      message: {
        role: 'assistant',
        content: content ?? null,
        refusal: null,
        ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
        ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
      },
      logprobs: null,
      finish_reason: toFinishReason(candidate.finishReason, toolCalls.length > 0),
    };
  });
  return {
    id: body.responseId ?? `chatcmpl-${context.requestId}`,
    object: 'chat.completion',
    created: context.createdUnixSeconds,
    model: body.modelVersion ?? context.model,
    choices,
    usage: toChatUsage(body.usageMetadata),
  };
}
