import type { ModelRequest } from '../../dialects/model-request.ts';
import type { CallReport, Usage } from '../call-report.ts';
import { type EchoRequest, readPrompt } from './request.ts';

const charactersPerToken = 4;
const maximumAnswerTokens = 8192;

/** The rule of thumb: one token for every four characters (UTF-16 units) begun. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

/** An answer as it will be sent, whole or in words. */
export interface EchoAnswer {
  readonly id: string;
  readonly createdUnixSeconds: number;
  readonly text: string;
  readonly finishReason: 'stop' | 'length';
  readonly usage: Usage;
}

/** Cuts without leaving half a character behind. */
function cut(text: string, length: number): string {
  const end = /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}

/** Makes the answer and tells the report what is known of it. */
export function createAnswer(request: ModelRequest, echo: EchoRequest, report: CallReport): EchoAnswer {
  const limit =
    Math.min(request.maximumTokens ?? maximumAnswerTokens, maximumAnswerTokens) * charactersPerToken;
  const text = echo.text.length > limit ? cut(echo.text, limit) : echo.text;
  const finishReason = text.length < echo.text.length ? 'length' : 'stop';
  const inputTokens = readPrompt(request).reduce((sum, prompt) => sum + estimateTokens(prompt), 0);
  const id = `${request.dialect === 'completions' ? 'cmpl' : 'chatcmpl'}-${report.requestId}`;
  report.answer.name(id, request.model);
  return {
    id,
    createdUnixSeconds: Math.floor(Date.now() / 1000),
    text,
    finishReason,
    usage: { inputTokens, outputTokens: estimateTokens(text) },
  };
}

/** Token counts in the API's words. */
export function usageBody(usage: Usage): Record<string, number> {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

/** The whole answer as a `chat.completion`, or as a `text_completion`. */
export function answerBody(answer: EchoAnswer, { dialect, model }: ModelRequest): Uint8Array {
  const isText = dialect === 'completions';
  const said = isText
    ? { text: answer.text }
    : { message: { role: 'assistant', content: answer.text, refusal: null } };
  return Buffer.from(
    JSON.stringify({
      id: answer.id,
      object: isText ? 'text_completion' : 'chat.completion',
      created: answer.createdUnixSeconds,
      model,
      choices: [{ index: 0, ...said, logprobs: null, finish_reason: answer.finishReason }],
      usage: usageBody(answer.usage),
    }),
  );
}
