import type { IncomingHttpHeaders } from 'node:http';
import { type ApiError, invalidRequest } from '../../api-error.ts';
import { describe, isObject, type JsonObject, quote } from '../../json.ts';
import type { EndpointDialect } from '../dialect.ts';
import type { ModelRequest } from '../model-request.ts';
import { readBodyObject, readModel } from '../read-model.ts';

/** Headers of the API that choose what a provider answers. */
const passedHeaders = ['anthropic-version', 'anthropic-beta'];
const maximumHeaderLength = 1000;
const roles: readonly unknown[] = ['user', 'assistant', 'system'];

function wrong(param: string, rule: string, value: unknown): ApiError {
  return invalidRequest(`${param} must be ${rule}: it is ${describe(value)}.`, {
    param,
    code: value === undefined ? 'missing_required_parameter' : 'invalid_type',
  });
}

function checkMessage(message: unknown, param: string): void {
  if (!isObject(message)) throw wrong(param, 'an object with role and content', message);
  if (!roles.includes(message.role)) {
    const role = typeof message.role === 'string' ? quote(message.role) : describe(message.role);
    throw invalidRequest(`${param}.role must be user, assistant or system: it is ${role}.`, {
      param: `${param}.role`,
      code: message.role === undefined ? 'missing_required_parameter' : 'invalid_value',
    });
  }
  const { content } = message;
  if (typeof content === 'string') return;
  if (!Array.isArray(content)) throw wrong(`${param}.content`, 'a string or an array of blocks', content);
  for (const [index, block] of content.entries()) {
    if (isObject(block) && typeof block.type === 'string') continue;
    throw wrong(`${param}.content[${index}]`, 'an object with a type', block);
  }
}

function checkBody(body: JsonObject): void {
  const { messages, system, tools } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    throw wrong('messages', 'an array of at least one message', messages);
  }
  for (const [index, message] of messages.entries()) checkMessage(message, `messages[${index}]`);
  if (system !== undefined && typeof system !== 'string' && !Array.isArray(system)) {
    throw wrong('system', 'a string or an array of text blocks', system);
  }
  if (tools !== undefined && !Array.isArray(tools)) throw wrong('tools', 'an array', tools);
  if (body.stream !== undefined && typeof body.stream !== 'boolean') {
    throw wrong('stream', 'a boolean', body.stream);
  }
}

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of passedHeaders) {
    const value = headers[name];
    if (typeof value === 'string' && value.length <= maximumHeaderLength) passed[name] = value;
  }
  return passed;
}

interface Received {
  readonly bytes: Uint8Array;
  readonly headers: IncomingHttpHeaders;
}

function read(dialect: EndpointDialect, value: unknown, { bytes, headers }: Received): ModelRequest {
  const body = readBodyObject(value);
  const model = readModel(body.model);
  checkBody(body);
  return {
    dialect,
    model,
    stream: dialect === 'messages' && body.stream === true,
    includeUsage: true,
    maximumTokens: typeof body.max_tokens === 'number' ? body.max_tokens : undefined,
    body,
    bytes,
    headers: headersOf(headers),
  };
}

/**
 * Reads a request of the Messages API. What the gateway does not need goes to the provider unread.
 *
 * @throws {ApiError} 400 naming the field at fault.
 */
export function readMessagesRequest(value: unknown, received: Received): ModelRequest {
  const request = read('messages', value, received);
  const limit = request.body.max_tokens;
  if (Number.isInteger(limit) && Number(limit) > 0) return request;
  throw wrong('max_tokens', 'an integer of at least 1', limit);
}

/**
 * Reads a request to count the tokens of one of the Messages API.
 *
 * @throws {ApiError} 400 naming the field at fault.
 */
export function readCountTokensRequest(value: unknown, received: Received): ModelRequest {
  return read('count_tokens', value, received);
}
