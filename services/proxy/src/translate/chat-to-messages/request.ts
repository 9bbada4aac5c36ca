import { invalidRequest } from '../../api-error.ts';
import { describe, isObject, type JsonObject } from '../../json.ts';
import { retell } from './conversation.ts';

/** The Messages API asks for a limit: this one when the client set none. */
const defaultMaximumTokens = 4096;
const maximumTemperature = 1;

/** What would change the answer if it were left out: better refused than ignored. */
const untranslatable = ['n', 'functions', 'logprobs', 'audio', 'logit_bias'] as const;

function refuseUntranslatable(body: JsonObject): void {
  for (const param of untranslatable) {
    const value = body[param];
    if (value === undefined || value === null || value === false || (param === 'n' && value === 1)) continue;
    throw invalidRequest(
      `${param} cannot be kept for this model, whose provider has no counterpart: it is ${describe(value)}. Leave it out.`,
      { param, code: 'unsupported_parameter' },
    );
  }
  const format = isObject(body.response_format) ? body.response_format.type : 'text';
  if (format === 'text') return;
  throw invalidRequest(
    `response_format.type must be text for this model, whose provider has no counterpart. Describe the format in the prompt, or give a tool.`,
    { param: 'response_format', code: 'unsupported_parameter' },
  );
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
export function toMessagesBody(body: JsonObject): JsonObject {
  refuseUntranslatable(body);
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
  };
  if (translated.tools !== undefined) translated.tool_choice = toToolChoice(body);
  return translated;
}
