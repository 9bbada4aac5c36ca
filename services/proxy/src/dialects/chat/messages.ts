import { type ApiError, invalidRequest } from '../../api-error.ts';
import { describe, isObject, type JsonObject, quote } from '../../json.ts';

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

function checkPart(part: unknown, param: () => string): void {
  if (!isObject(part)) throw wrongType(param(), 'an object with a type', part);
  if (typeof part.type !== 'string') throw wrongType(`${param()}.type`, 'a string', part.type);
  if (part.type === 'text' && typeof part.text !== 'string') {
    throw wrongType(`${param()}.text`, 'a string', part.text);
  }
}

function checkContent(message: JsonObject, param: () => string): void {
  const content = message.content;
  if (typeof content === 'string') return;
  // An assistant's message may consist of tool calls or a refusal alone.
  if ((content === null || content === undefined) && message.role === 'assistant') return;
  if (!Array.isArray(content)) throw wrongType(param(), 'a string or an array of parts', content);
  if (content.length === 0) throw wrongType(param(), 'a string or at least one part', content);
  for (const [index, part] of content.entries()) checkPart(part, () => `${param()}[${index}]`);
}

function checkMessage(message: unknown, param: () => string): void {
  if (!isObject(message)) throw wrongType(param(), 'an object', message);
  const role = message.role;
  if (typeof role !== 'string') throw wrongType(`${param()}.role`, `one of ${roles.join(', ')}`, role);
  if (!roles.includes(role)) {
    throw invalidRequest(`${param()}.role must be one of ${roles.join(', ')}: it is ${quote(role)}.`, {
      param: `${param()}.role`,
    });
  }
  checkContent(message, () => `${param()}.content`);
}

/**
 * Checks the messages of a conversation; at least one.
 *
 * @throws {ApiError} 400 naming the message and field at fault.
 */
export function checkMessages(messages: unknown): void {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw wrongType('messages', 'an array of at least one message', messages);
  }
  // The name is made when it is needed: conversations are long, and faults rare.
  for (const [index, message] of messages.entries()) checkMessage(message, () => `messages[${index}]`);
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && part.type === 'text' ? String(part.text) : '')).join('\n');
}

/** Role and text of each message of a request that was checked. */
export function readMessages(body: JsonObject): readonly ChatMessage[] {
  const messages: readonly unknown[] = Array.isArray(body.messages) ? body.messages : [];
  return messages
    .filter(isObject)
    .map(({ role, content }) => ({ role: String(role), text: textOf(content) }));
}
