import { isObject, type JsonObject } from '../../json.ts';
import { messageText } from '../message-text.ts';
import { readBlocks } from './content.ts';

function isText(part: JsonObject): boolean {
  return part.type === 'text';
}

/** Text alone is a string, which every server takes; anything more is a list of parts. */
function toContent(parts: readonly JsonObject[]): unknown {
  return parts.every(isText) ? parts.map(({ text }) => String(text)).join('\n') : parts;
}

function toMessages(message: JsonObject, param: string): JsonObject[] {
  const { parts, toolCalls, toolResults } = readBlocks(message.content, param);
  if (message.role === 'assistant') {
    const content = parts.length === 0 ? null : toContent(parts);
    return [{ role: 'assistant', content, ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }) }];
  }
  // Results of tools come right after the calls, before what else the user says.
  return parts.length === 0 ? toolResults : [...toolResults, { role: 'user', content: toContent(parts) }];
}

function toTools(tools: unknown): JsonObject[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  return tools.filter(isObject).map(({ name, description, input_schema: parameters }) => ({
    type: 'function',
    function: { name, description, parameters },
  }));
}

const choices: Readonly<Record<string, string>> = { auto: 'auto', any: 'required', none: 'none' };

function toToolChoice(choice: unknown): unknown {
  if (!isObject(choice)) return undefined;
  if (choice.type === 'tool') return { type: 'function', function: { name: choice.name } };
  return choices[String(choice.type)];
}

/**
 * A request of the Messages API as a chat completion request. Left out without a counterpart: `thinking`, `top_k`,
 * `metadata` and cache marks.
 *
 * @throws {ApiError} 400 naming what cannot be said in it.
 */
export function toChatBody(body: JsonObject): JsonObject {
  const system = messageText(body.system);
  const messages: readonly unknown[] = Array.isArray(body.messages) ? body.messages : [];
  const choice = isObject(body.tool_choice) ? body.tool_choice : {};
  const tools = toTools(body.tools);
  return {
    model: body.model,
    messages: [
      ...(system === '' ? [] : [{ role: 'system', content: system }]),
      ...messages
        .filter(isObject)
        .flatMap((message, index) => toMessages(message, `messages[${index}].content`)),
    ],
    max_tokens: body.max_tokens,
    temperature: body.temperature,
    top_p: body.top_p,
    stop: body.stop_sequences,
    ...(tools === undefined ? {} : { tools, tool_choice: toToolChoice(choice) }),
    ...(choice.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {}),
    ...(body.stream === true ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}
