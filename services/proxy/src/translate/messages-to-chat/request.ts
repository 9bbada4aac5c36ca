import { invalidRequest } from '../../api-error.ts';
import { isObject, type JsonObject, quote } from '../../json.ts';
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
  if (message.role === 'system') return [{ role: 'system', content: toContent(parts) }];
  if (message.role === 'assistant') {
    const content = parts.length === 0 ? null : toContent(parts);
    return [{ role: 'assistant', content, ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }) }];
  }
  // Results of tools come right after the calls, before what else the user says.
  return parts.length === 0 ? toolResults : [...toolResults, { role: 'user', content: toContent(parts) }];
}

function toTools(tools: unknown): JsonObject[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  return tools
    .filter(isObject)
    .map(({ type = 'custom', name, description, input_schema: parameters }, index) => {
      if (type === 'custom') return { type: 'function', function: { name, description, parameters } };
      throw invalidRequest(
        `tools[${index}].type must be custom for this model, whose provider knows no tools of Anthropic's: it is ${quote(String(type))}.`,
        { param: `tools[${index}].type`, code: 'unsupported_value' },
      );
    });
}

/** The schema of the answer, when one was asked for. */
function toFormat(config: unknown): JsonObject | undefined {
  const format = isObject(config) ? config.format : undefined;
  if (!isObject(format) || format.type !== 'json_schema') return undefined;
  return { type: 'json_schema', json_schema: { name: 'answer', schema: format.schema } };
}

/** OpenAI's models that reason refuse `max_tokens`; many other servers know nothing else. */
const reasons = /^(?:o\d|gpt-[5-9])/;

const choices: Readonly<Record<string, string>> = { auto: 'auto', any: 'required', none: 'none' };

function toToolChoice(choice: unknown): unknown {
  if (!isObject(choice)) return undefined;
  if (choice.type === 'tool') return { type: 'function', function: { name: choice.name } };
  return choices[String(choice.type)];
}

/**
 * A request of the Messages API as a chat completion request. Left out without a counterpart: `thinking`, `top_k`,
 * `metadata`, the effort and cache marks.
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
    [reasons.test(String(body.model)) ? 'max_completion_tokens' : 'max_tokens']: body.max_tokens,
    temperature: body.temperature,
    top_p: body.top_p,
    stop: body.stop_sequences,
    response_format: toFormat(body.output_config),
    ...(tools === undefined ? {} : { tools, tool_choice: toToolChoice(choice) }),
    ...(choice.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {}),
    ...(body.stream === true ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}
