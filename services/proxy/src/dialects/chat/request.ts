import { checkOptions } from '../check-options.ts';
import type { ModelRequest } from '../model-request.ts';
import { readBodyObject, readModel } from '../read-model.ts';
import { readIncludeUsage } from '../stream-options.ts';
import { checkMessages } from './messages.ts';
import { chatOptions } from './options.ts';

/**
 * Reads a chat completion request. What the gateway does not need goes to the provider unread.
 *
 * @throws {ApiError} 400 naming the field at fault.
 */
export function readChatRequest(value: unknown, bytes: Uint8Array): ModelRequest {
  const body = readBodyObject(value);
  const model = readModel(body.model);
  checkMessages(body.messages);
  checkOptions(body, chatOptions);
  const stream = body.stream === true;
  return {
    dialect: 'chat',
    model,
    stream,
    includeUsage: readIncludeUsage(body.stream_options, stream),
    maximumTokens: (body.max_completion_tokens ?? body.max_tokens ?? undefined) as number | undefined,
    body,
    bytes,
    headers: {},
  };
}
