import type { ModelRequest } from '../../dialects/model-request.ts';
import { dataEvent, doneEvent } from '../../sse/event.ts';
import type { CallReport } from '../call-report.ts';
import { die, pause } from './failure.ts';
import type { EchoRequest } from './request.ts';
import { type EchoAnswer, usageBody } from './response.ts';

const whitespace = /\s/;

/** Words with the whitespace after them: put together they are the text. */
export function* words(text: string): Generator<string> {
  let start = 0;
  for (let index = 1; index < text.length; index += 1) {
    const wordBegins = whitespace.test(text.charAt(index - 1)) && !whitespace.test(text.charAt(index));
    if (!wordBegins) continue;
    yield text.slice(start, index);
    start = index;
  }
  if (start < text.length) yield text.slice(start);
}

function* chunkBodies(answer: EchoAnswer, request: ModelRequest): Generator<Record<string, unknown>> {
  const isText = request.dialect === 'completions';
  const head = {
    id: answer.id,
    object: isText ? 'text_completion' : 'chat.completion.chunk',
    created: answer.createdUnixSeconds,
    model: request.model,
  };
  const usage = request.includeUsage ? { usage: null } : {};
  const chunk = (said: object, finishReason: string | null) => ({
    ...head,
    choices: [{ index: 0, ...said, logprobs: null, finish_reason: finishReason }],
    ...usage,
  });
  if (!isText) yield chunk({ delta: { role: 'assistant', content: '' } }, null);
  for (const word of words(answer.text))
    yield chunk(isText ? { text: word } : { delta: { content: word } }, null);
  yield chunk(isText ? { text: '' } : { delta: {} }, answer.finishReason);
  if (request.includeUsage) yield { ...head, choices: [], usage: usageBody(answer.usage) };
}

export interface EchoStreamOptions {
  readonly request: ModelRequest;
  readonly echo: EchoRequest;
  readonly report: CallReport;
}

/** The answer word by word, as server-sent events. */
export async function* streamAnswer(
  answer: EchoAnswer,
  options: EchoStreamOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { request, echo, report } = options;
  for (const body of chunkBodies(answer, request)) {
    if (report.answer.chunkCount === echo.dieAfterChunks) throw die();
    if (echo.streamDelayMs > 0 && report.answer.chunkCount > 0)
      await pause(echo.streamDelayMs, report.signal);
    report.answer.countChunk(report.answer.chunkCount > 0);
    yield dataEvent(body);
  }
  if (report.answer.chunkCount === echo.dieAfterChunks) throw die();
  report.answer.finish(answer.finishReason);
  report.answer.countTokens(answer.usage, 'estimated');
  yield doneEvent;
}
