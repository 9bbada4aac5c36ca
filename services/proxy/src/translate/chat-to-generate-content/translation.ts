import { withBody } from '../../dialects/model-request.ts';
import { dataEvent, doneEvent } from '../../sse/event.ts';
import type { Translation } from '../translation.ts';
import { toCompletionBody } from './answer.ts';
import { toGenerateContentBody } from './request.ts';
import { ChunksFromContent } from './stream.ts';

function nowUnixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Lets clients of chat completions use providers of generateContent. */
export const chatToGenerateContent: Translation = {
  from: 'chat',
  to: 'generate_content',
  request: (request) =>
    withBody(request, toGenerateContentBody(request.body), { dialect: 'generate_content' }),
  answer: (body, { request: { model }, requestId }) =>
    toCompletionBody(body, { model, requestId, createdUnixSeconds: nowUnixSeconds() }),
  stream({ request: { model, includeUsage }, requestId }) {
    const context = { model, requestId, includeUsage, createdUnixSeconds: nowUnixSeconds() };
    const chunks = new ChunksFromContent(context);
    return {
      event: ({ body }) => chunks.push(body).map(dataEvent),
      end: () => [...chunks.end().map(dataEvent), doneEvent],
    };
  },
};
