import { invalidRequest } from '../../api-error.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { keepAllowedTools } from '../allowed-tools.ts';
import { refuseUntranslatable } from '../keepable.ts';
import { retell } from './conversation.ts';

/** The Messages API asks for a limit: this one when the client set none. */
const defaultMaximumTokens = 4096;
const maximumTemperature = 1;

/** What would change the answer if it were left out: better refused than ignored. */
const untranslatable = ['n', 'functions', 'logprobs', 'audio', 'logit_bias', 'web_search_options'] as const;

function toFormat(format: unknown): JsonObject | undefined {
  if (!isObject(format) || format.type === 'text') return undefined;
  const schema = isObject(format.json_schema) ? format.json_schema.schema : undefined;
  if (format.type === 'json_schema' && isObject(schema)) return { type: 'json_schema', schema };
  throw invalidRequest(
    'response_format must be text, or json_schema with its schema, for this model, whose provider has no counterpart of any other. Give a schema, or describe the format in the prompt.',
    { param: 'response_format', code: 'unsupported_parameter' },
  );
}

function toOutputConfig(body: JsonObject): JsonObject | undefined {
  const format = toFormat(body.response_format);
  return format === undefined ? undefined : { format };
}

function toTools(tools: unknown): JsonObject[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  return tools.map((tool, index) => {
    if (!isObject(tool) || tool.type !== 'function' || !isObject(tool.function)) {
      throw invalidRequest(`tools[${index}] must be a function for this model.`, {
        param: `tools[${index}]`,
        code: 'unsupported_value',
      });
    }
    const { name, description, parameters } = tool.function;
    return { name, description, input_schema: parameters ?? { type: 'object', properties: {} } };
  });
}

const choices: Readonly<Record<string, string>> = { auto: 'auto', required: 'any', none: 'none' };

function toToolChoice({
  tool_choice: choice,
  parallel_tool_calls: parallel,
}: JsonObject): JsonObject | undefined {
  const single = parallel === false ? { disable_parallel_tool_use: true } : {};
  if (isObject(choice) && isObject(choice.function)) {
    return { type: 'tool', name: choice.function.name, ...single };
  }
  const type = choices[String(choice)];
  if (type === 'none') return { type };
  if (type === undefined && parallel !== false) return undefined;
  return { type: type ?? 'auto', ...single };
}

function given<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined;
}

/**
 * A chat completion request as one of the Messages API. Without a counterpart and without effect on what is said:
 * `seed`, `user`, penalties and `store`, which are left out.
 *
 * @throws {ApiError} 400 naming what cannot be kept.
 */
export function toMessagesBody(chat: JsonObject): JsonObject {
  refuseUntranslatable(chat, untranslatable);
  const body = keepAllowedTools(chat);
  const { system, messages } = retell(Array.isArray(body.messages) ? body.messages : []);
  const { temperature } = body;
  const translated: Record<string, unknown> = {
    model: body.model,
    max_tokens: body.max_completion_tokens ?? body.max_tokens ?? defaultMaximumTokens,
    system: system === '' ? undefined : system,
    messages,
    stop_sequences: typeof body.stop === 'string' ? [body.stop] : given(body.stop),
    temperature: typeof temperature === 'number' ? Math.min(temperature, maximumTemperature) : undefined,
    top_p: given(body.top_p),
    tools: toTools(body.tools),
    stream: body.stream === true ? true : undefined,
    output_config: toOutputConfig(body),
  };
  if (translated.tools !== undefined) translated.tool_choice = toToolChoice(body);
  return translated;
}
