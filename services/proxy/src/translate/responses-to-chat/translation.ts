import { withBody } from '../../dialects/model-request.ts';
import type { JsonObject } from '../../json.ts';
import { namedEvent } from '../../sse/event.ts';
import type { Translation } from '../translation.ts';
import { toResponseBody } from './answer.ts';
import { toChatBody } from './request.ts';
import { ResponseFromChunks } from './stream.ts';

function encode(event: JsonObject): Uint8Array {
  return namedEvent(String(event.type), event);
}

/** Lets clients of responses use providers of chat completions. */
export const responsesToChat: Translation = {
  from: 'responses',
  to: 'chat',
  request: (request) =>
    withBody(request, toChatBody(request.body), { dialect: 'chat', includeUsage: request.stream }),
  answer: toResponseBody,
  stream(context) {
    const response = new ResponseFromChunks(context);
    return {
      event: ({ body }) => response.push(body).map(encode),
      end: () => response.end().map(encode),
    };
  },
};
