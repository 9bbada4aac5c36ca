import { invalidRequest } from '../api-error.ts';
import { describe, isObject, type JsonObject } from '../json.ts';
import { type ChatMessage, readMessages } from './messages.ts';
import { checkOptions } from './options.ts';

const maximumModelLength = 256;

/** A chat completion request that passed the checks. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  /** The client asked for the chunk with usage at the end of the stream. */
  readonly includeUsage: boolean;
  /** Limit of the answer in tokens, when the client set one. */
  readonly maximumTokens: number | undefined;
  /** The body as parsed. */
  readonly body: JsonObject;
  /** The body as received. */
  readonly bytes: Uint8Array;
}

function readModel(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= maximumModelLength) return value;
  throw invalidRequest(
    `model must be a string of 1 to ${maximumModelLength} characters: it is ${describe(value)}. GET /v1/models lists the models.`,
    { param: 'model', code: value === undefined ? 'missing_required_parameter' : 'invalid_type' },
  );
}

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
export function readChatRequest(body: unknown, bytes: Uint8Array): ChatRequest {
  if (!isObject(body)) {
    throw invalidRequest(`The body must be a JSON object: it is ${describe(body)}.`, {
      code: 'invalid_type',
    });
  }
  const model = readModel(body.model);
  const messages = readMessages(body.messages);
  checkOptions(body);
  const stream = body.stream === true;
  return {
    model,
    messages,
    stream,
    includeUsage: readStreamOptions(body.stream_options, stream),
    maximumTokens: (body.max_completion_tokens ?? body.max_tokens ?? undefined) as number | undefined,
    body,
    bytes,
  };
}
