import { invalidRequest } from '../../api-error.ts';
import { describe } from '../../json.ts';
import { anyCount, checkOptions, type OptionRules, samplingRules } from '../check-options.ts';
import type { ModelRequest } from '../model-request.ts';
import { readBodyObject, readModel } from '../read-model.ts';
import { readIncludeUsage } from '../stream-options.ts';
import { isTokens } from '../tokens.ts';

const maximumPrompts = 2048;

const options: OptionRules = {
  numbers: {
    ...samplingRules,
    max_tokens: { ...anyCount, minimum: 0 },
    n: { minimum: 1, maximum: 128, integer: true },
    best_of: { minimum: 1, maximum: 128, integer: true },
    logprobs: { ...anyCount, minimum: 0 },
  },
  booleans: ['stream', 'echo'],
  arrays: [],
};

/** An empty text is one to go on from; `null` stands for the beginning of a document. */
function isPrompt(value: unknown): boolean {
  if (typeof value === 'string' || value === null || isTokens(value)) return true;
  if (!Array.isArray(value) || value.length === 0 || value.length > maximumPrompts) return false;
  return value.every((item) => typeof item === 'string' || isTokens(item));
}

/**
 * Reads a request for a text completion, as it was before there were chats. What the gateway does not need goes to the
 * provider unread.
 *
 * @throws {ApiError} 400 naming the field at fault.
 */
export function readCompletionsRequest(value: unknown, bytes: Uint8Array): ModelRequest {
  const body = readBodyObject(value);
  const model = readModel(body.model);
  if (!isPrompt(body.prompt)) {
    throw invalidRequest(
      `prompt must be a string, an array of tokens, or an array of at most ${maximumPrompts} of either: it is ${describe(body.prompt)}.`,
      { param: 'prompt', code: body.prompt === undefined ? 'missing_required_parameter' : 'invalid_type' },
    );
  }
  checkOptions(body, options);
  const stream = body.stream === true;
  return {
    dialect: 'completions',
    model,
    stream,
    includeUsage: readIncludeUsage(body.stream_options, stream),
    maximumTokens: (body.max_tokens ?? undefined) as number | undefined,
    body,
    bytes,
    headers: {},
  };
}
