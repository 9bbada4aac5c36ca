import { withBody } from '../../dialects/model-request.ts';
import { dataEvent, doneEvent } from '../../sse/event.ts';
import type { Translation } from '../translation.ts';
import { toCompletionBody } from './answer.ts';
import { toMessagesBody } from './request.ts';
import { ChunksFromMessage } from './stream.ts';

function nowUnixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Lets clients of chat completions use providers of the Messages API. */
export const chatToMessages: Translation = {
  from: 'chat',
  to: 'messages',
  request: (request) => withBody(request, toMessagesBody(request.body), { dialect: 'messages' }),
  answer: (body) => toCompletionBody(body, nowUnixSeconds()),
  stream({ request: { includeUsage } }) {
    const chunks = new ChunksFromMessage({ createdUnixSeconds: nowUnixSeconds(), includeUsage });
    return {
      event: ({ body }) => chunks.push(body).map(dataEvent),
      end: () => [doneEvent],
    };
  },
};
