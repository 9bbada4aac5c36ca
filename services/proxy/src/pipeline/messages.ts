import { type ApiError, invalidRequest } from '../api-error.ts';
import { describe, isObject, type JsonObject, quote } from '../json.ts';

/** One message of a conversation, as far as the gateway reads it. */
export interface ChatMessage {
  readonly role: string;
  /** The text of all its parts, joined by line feeds. */
  readonly text: string;
}

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];

function wrongType(param: string, rule: string, value: unknown): ApiError {
  return invalidRequest(`${param} must be ${rule}: it is ${describe(value)}.`, {
    param,
    code: value === undefined ? 'missing_required_parameter' : 'invalid_type',
  });
}

function readPart(part: unknown, param: string): string {
  if (!isObject(part)) throw wrongType(param, 'an object with a type', part);
  if (typeof part.type !== 'string') throw wrongType(`${param}.type`, 'a string', part.type);
  if (part.type !== 'text') return '';
  if (typeof part.text !== 'string') throw wrongType(`${param}.text`, 'a string', part.text);
  return part.text;
}

function readContent(message: JsonObject, param: string): string {
  const content = message.content;
  if (typeof content === 'string') return content;
  // An assistant's message may consist of tool calls or a refusal alone.
  if ((content === null || content === undefined) && message.role === 'assistant') return '';
  if (!Array.isArray(content)) throw wrongType(param, 'a string or an array of parts', content);
  if (content.length === 0) throw wrongType(param, 'a string or at least one part', content);
  return content.map((part, index) => readPart(part, `${param}[${index}]`)).join('\n');
}

function readMessage(message: unknown, param: string): ChatMessage {
  if (!isObject(message)) throw wrongType(param, 'an object', message);
  const role = message.role;
  if (typeof role !== 'string') throw wrongType(`${param}.role`, `one of ${roles.join(', ')}`, role);
  if (!roles.includes(role)) {
    throw invalidRequest(`${param}.role must be one of ${roles.join(', ')}: it is ${quote(role)}.`, {
      param: `${param}.role`,
    });
  }
  return { role, text: readContent(message, `${param}.content`) };
}

/**
 * Reads the messages of a conversation; at least one.
 *
 * @throws {ApiError} 400 naming the message and field at fault.
 */
export function readMessages(messages: unknown): readonly ChatMessage[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw wrongType('messages', 'an array of at least one message', messages);
  }
  return messages.map((message, index) => readMessage(message, `messages[${index}]`));
}
