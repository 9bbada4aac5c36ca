import { invalidRequest } from '../../api-error.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { messageText } from '../message-text.ts';
import { readToolArguments } from '../tool-arguments.ts';
import { toBlocks } from './content.ts';

/** A turn of the Messages API. */
interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: JsonObject[];
}

/** A conversation in the words of the Messages API: instructions stand apart, and turns take turns. */
export interface Conversation {
  readonly system: string;
  readonly messages: readonly Turn[];
}

/** What an assistant said and which tools it called. */
function assistantBlocks(message: JsonObject, param: string): JsonObject[] {
  const calls: readonly unknown[] = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return [
    ...toBlocks(message.content, `${param}.content`),
    ...calls.map((call, index) => toolUse(call, `${param}.tool_calls[${index}]`)),
  ];
}

function toolUse(call: unknown, param: string): JsonObject {
  const called = isObject(call) && isObject(call.function) ? call.function : undefined;
  if (!isObject(call) || called === undefined) {
    throw invalidRequest(`${param} must be an object with a function.`, { param, code: 'invalid_type' });
  }
  return {
    type: 'tool_use',
    id: call.id,
    name: called.name,
    input: readToolArguments(called.arguments, `${param}.function.arguments`),
  };
}

/** What a tool gave back is said by the user. */
function toolResult(message: JsonObject, param: string): JsonObject {
  const content = toBlocks(message.content, `${param}.content`);
  return { type: 'tool_result', tool_use_id: message.tool_call_id, content };
}

function toTurn(message: JsonObject, param: string): Turn {
  if (message.role === 'assistant') return { role: 'assistant', content: assistantBlocks(message, param) };
  if (message.role === 'tool') return { role: 'user', content: [toolResult(message, param)] };
  return { role: 'user', content: toBlocks(message.content, `${param}.content`) };
}

const instructionRoles: readonly unknown[] = ['system', 'developer'];

/** Joins what one side said in several messages: the Messages API wants results of parallel calls in one turn. */
function join(turns: readonly Turn[]): Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    if (turn.content.length === 0) continue;
    const last = joined.at(-1);
    if (last?.role === turn.role) last.content.push(...turn.content);
    else joined.push({ role: turn.role, content: [...turn.content] });
  }
  return joined;
}

/**
 * Retells the messages of a chat.
 *
 * @throws {ApiError} 400 naming the part that the Messages API has no counterpart for.
 */
export function retell(messages: readonly unknown[]): Conversation {
  const system: string[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) continue;
    if (instructionRoles.includes(message.role)) system.push(messageText(message.content));
    else turns.push(toTurn(message, `messages[${index}]`));
  }
  return { system: system.join('\n\n'), messages: join(turns) };
}
