import { invalidRequest } from '../../api-error.ts';
import { readItems } from '../../dialects/responses/items.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { toMessages } from './messages.ts';

function toTools(tools: unknown): JsonObject[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  return tools.map((tool, index) => {
    if (isObject(tool) && tool.type === 'function') {
      const { name, description, parameters, strict } = tool;
      return { type: 'function', function: { name, description, parameters, strict: strict ?? undefined } };
    }
    throw invalidRequest(
      `tools[${index}].type must be function for this model, whose provider runs no tools of its own.`,
      { param: `tools[${index}].type`, code: 'unsupported_value' },
    );
  });
}

function toAllowedTools({ mode, tools }: JsonObject): JsonObject {
  const allowed = (Array.isArray(tools) ? tools : [])
    .filter(isObject)
    .map(({ name }) => ({ type: 'function', function: { name } }));
  return { type: 'allowed_tools', allowed_tools: { mode, tools: allowed } };
}

function toToolChoice(choice: unknown): unknown {
  if (!isObject(choice)) return choice ?? undefined;
  if (choice.type === 'allowed_tools') return toAllowedTools(choice);
  return choice.type === 'function' ? { type: 'function', function: { name: choice.name } } : undefined;
}

function toFormat(text: unknown): JsonObject | undefined {
  const format = isObject(text) ? text.format : undefined;
  if (!isObject(format) || format.type === 'text') return undefined;
  const { type, ...schema } = format;
  return type === 'json_schema' ? { type, json_schema: schema } : { type };
}

function given<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined;
}

/**
 * A request for a response as a chat completion request. Left out without a counterpart: `include`, `metadata`,
 * `truncation` and `store`, which the gateway itself follows.
 *
 * @throws {ApiError} 400 naming what cannot be kept.
 */
export function toChatBody(body: JsonObject): JsonObject {
  const { instructions } = body;
  const tools = toTools(body.tools);
  return {
    model: body.model,
    messages: [
      ...(typeof instructions === 'string' ? [{ role: 'system', content: instructions }] : []),
      ...toMessages(readItems(body.input)),
    ],
    max_completion_tokens: given(body.max_output_tokens),
    temperature: given(body.temperature),
    top_p: given(body.top_p),
    reasoning_effort: isObject(body.reasoning) ? given(body.reasoning.effort) : undefined,
    response_format: toFormat(body.text),
    ...(tools === undefined ? {} : { tools, tool_choice: toToolChoice(body.tool_choice) }),
    ...(body.parallel_tool_calls === false && tools !== undefined ? { parallel_tool_calls: false } : {}),
    ...(body.stream === true ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}
