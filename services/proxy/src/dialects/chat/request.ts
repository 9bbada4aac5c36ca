import { invalidRequest } from '../../api-error.ts';
import { describe, isObject } from '../../json.ts';
import type { ModelRequest } from '../model-request.ts';
import { readBodyObject, readModel } from '../read-model.ts';
import { checkMessages } from './messages.ts';
import { checkOptions } from './options.ts';

function readStreamOptions(value: unknown, stream: boolean): boolean {
  if (value === undefined || value === null) return false;
  if (!isObject(value)) {
    throw invalidRequest(`stream_options must be an object: it is ${describe(value)}.`, {
      param: 'stream_options',
      code: 'invalid_type',
    });
  }
  if (!stream) {
    throw invalidRequest('stream_options may only be given with stream: true. Leave it out or set stream.', {
      param: 'stream_options',
    });
  }
  const includeUsage = value.include_usage ?? false;
  if (typeof includeUsage === 'boolean') return includeUsage;
  throw invalidRequest(`stream_options.include_usage must be a boolean: it is ${describe(includeUsage)}.`, {
    param: 'stream_options.include_usage',
    code: 'invalid_type',
  });
}

/**
 * Reads a chat completion request. What the gateway does not need goes to the provider unread.
 *
 * @throws {ApiError} 400 naming the field at fault.
 */
export function readChatRequest(value: unknown, bytes: Uint8Array): ModelRequest {
  const body = readBodyObject(value);
  const model = readModel(body.model);
  checkMessages(body.messages);
  checkOptions(body);
  const stream = body.stream === true;
  return {
    dialect: 'chat',
    model,
    stream,
    includeUsage: readStreamOptions(body.stream_options, stream),
    maximumTokens: (body.max_completion_tokens ?? body.max_tokens ?? undefined) as number | undefined,
    body,
    bytes,
    headers: {},
  };
}
