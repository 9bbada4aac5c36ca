import { withBody } from '../../dialects/model-request.ts';
import type { JsonObject } from '../../json.ts';
import { namedEvent } from '../../sse/event.ts';
import type { Translation } from '../translation.ts';
import { toMessageBody } from './answer.ts';
import { toChatBody } from './request.ts';
import { MessageFromChunks } from './stream.ts';

function encode(event: JsonObject): Uint8Array {
  return namedEvent(String(event.type), event);
}

/** Lets clients of the Messages API use providers of chat completions. */
export const messagesToChat: Translation = {
  from: 'messages',
  to: 'chat',
  request: (request) =>
    withBody(request, toChatBody(request.body), {
      dialect: 'chat',
      includeUsage: request.stream,
      headers: {},
    }),
  answer: toMessageBody,
  stream() {
    const message = new MessageFromChunks();
    return {
      event: ({ body }) => message.push(body).map(encode),
      end: () => message.end().map(encode),
    };
  },
};
