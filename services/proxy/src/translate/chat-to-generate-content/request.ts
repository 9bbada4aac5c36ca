import { invalidRequest } from '../../api-error.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { keepAllowedTools } from '../allowed-tools.ts';
import { refuseUntranslatable } from '../keepable.ts';
import { retell } from './contents.ts';
import { toThinkingConfig } from './thinking.ts';

/** What would change the answer if it were left out: better refused than ignored. */
const untranslatable = ['functions', 'logprobs', 'audio', 'logit_bias', 'web_search_options'] as const;

function given<Value>(value: Value | null | undefined): Value | undefined {
  return value ?? undefined;
}

function toFormat(format: unknown): JsonObject {
  if (!isObject(format) || format.type === 'text') return {};
  const schema = isObject(format.json_schema) ? format.json_schema.schema : undefined;
  return { responseMimeType: 'application/json', responseJsonSchema: schema };
}

function toGenerationConfig(body: JsonObject): JsonObject {
  return {
    maxOutputTokens: given(body.max_completion_tokens ?? body.max_tokens),
    temperature: given(body.temperature),
    topP: given(body.top_p),
    candidateCount: given(body.n),
    seed: given(body.seed),
    presencePenalty: given(body.presence_penalty),
    frequencyPenalty: given(body.frequency_penalty),
    stopSequences: typeof body.stop === 'string' ? [body.stop] : given(body.stop),
    thinkingConfig: toThinkingConfig(body),
    ...toFormat(body.response_format),
  };
}

function toTools(tools: unknown): JsonObject[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  const declarations = tools.map((tool, index) => {
    if (isObject(tool) && tool.type === 'function' && isObject(tool.function)) {
      const { name, description, parameters } = tool.function;
      return { name, description, parametersJsonSchema: parameters };
    }
    throw invalidRequest(`tools[${index}] must be a function for this model.`, {
      param: `tools[${index}]`,
      code: 'unsupported_value',
    });
  });
  return [{ functionDeclarations: declarations }];
}

const modes: Readonly<Record<string, string>> = { auto: 'AUTO', required: 'ANY', none: 'NONE' };

function toToolConfig(choice: unknown): JsonObject | undefined {
  if (isObject(choice) && isObject(choice.function)) {
    return { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [choice.function.name] } };
  }
  const mode = modes[String(choice)];
  return mode === undefined ? undefined : { functionCallingConfig: { mode } };
}

/**
 * A chat completion request as one of generateContent. The model stands in the URL there, and so does whether to stream.
 *
 * @throws {ApiError} 400 naming what cannot be kept.
 */
export function toGenerateContentBody(chat: JsonObject): JsonObject {
  refuseUntranslatable(chat, untranslatable);
  const body = keepAllowedTools(chat);
  const { system, contents } = retell(Array.isArray(body.messages) ? body.messages : [], body.model);
  const tools = toTools(body.tools);
  return {
    contents,
    systemInstruction: system === '' ? undefined : { parts: [{ text: system }] },
    generationConfig: toGenerationConfig(body),
    tools,
    toolConfig: tools === undefined ? undefined : toToolConfig(body.tool_choice),
  };
}
