import { isObject, type JsonObject } from '../../json.ts';
import { messageText } from '../message-text.ts';
import { readToolArguments } from '../tool-arguments.ts';
import { toParts } from './parts.ts';
import { signFirstCall } from './thinking.ts';

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: JsonObject[];
}

/** A conversation in the words of generateContent. */
export interface Contents {
  readonly system: string;
  readonly contents: readonly Content[];
}

/** Calls carry what the model signed of its thoughts, which it wants back, where Google's own chat endpoint has it. */
function signatureOf(call: JsonObject): JsonObject {
  const google = isObject(call.extra_content) ? call.extra_content.google : undefined;
  const signature = isObject(google) ? google.thought_signature : undefined;
  return signature === undefined ? {} : { thoughtSignature: signature };
}

/** Reads the messages of a chat in order: results of tools are told with the name of the tool that was called. */
class Reader {
  readonly #names = new Map<unknown, unknown>();
  readonly #model: unknown;

  constructor(model: unknown) {
    this.#model = model;
  }

  toContent(message: JsonObject, param: string): Content {
    if (message.role === 'assistant') return { role: 'model', parts: this.#modelParts(message, param) };
    if (message.role !== 'tool') return { role: 'user', parts: toParts(message.content, `${param}.content`) };
    const { tool_call_id: id } = message;
    const response = { name: this.#names.get(id) ?? id, response: { result: messageText(message.content) } };
    return { role: 'user', parts: [{ functionResponse: response }] };
  }

  #modelParts(message: JsonObject, param: string): JsonObject[] {
    const calls: readonly unknown[] = Array.isArray(message.tool_calls) ? message.tool_calls : [];
    const called = calls.filter(isObject).map((call, index) => {
      const { name, arguments: text } = isObject(call.function) ? call.function : {};
      this.#names.set(call.id, name);
      const args = readToolArguments(text, `${param}.tool_calls[${index}].function.arguments`);
      return { functionCall: { name, args }, ...signatureOf(call) };
    });
    return [...toParts(message.content, `${param}.content`), ...signFirstCall(called, this.#model)];
  }
}

/** Joins what one side said in several messages. */
function join(contents: readonly Content[]): Content[] {
  const joined: Content[] = [];
  for (const { role, parts } of contents) {
    if (parts.length === 0) continue;
    const last = joined.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else joined.push({ role, parts: [...parts] });
  }
  return joined;
}

/**
 * Retells the messages of a chat to a model.
 *
 * @throws {ApiError} 400 naming the part that has no counterpart.
 */
export function retell(messages: readonly unknown[], model: unknown): Contents {
  const reader = new Reader(model);
  const system: string[] = [];
  const contents: Content[] = [];
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) continue;
    if (message.role === 'system' || message.role === 'developer') system.push(messageText(message.content));
    else contents.push(reader.toContent(message, `messages[${index}]`));
  }
  return { system: system.join('\n\n'), contents: join(contents) };
}
