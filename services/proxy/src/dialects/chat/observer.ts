import { isObject, type JsonObject } from '../../json.ts';
import type { CallReport, Usage } from '../../providers/call-report.ts';
import type { EventKind, Observer } from '../observer.ts';
import { tokenCount } from '../token-count.ts';

/** Token counts, when both are there: half a count is none. */
export function readChatUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const inputTokens = tokenCount(value.prompt_tokens);
  const outputTokens = tokenCount(value.completion_tokens);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const input = isObject(value.prompt_tokens_details) ? value.prompt_tokens_details : undefined;
  const output = isObject(value.completion_tokens_details) ? value.completion_tokens_details : undefined;
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: tokenCount(input?.cached_tokens),
    reasoningTokens: tokenCount(output?.reasoning_tokens),
  };
}

function observe(body: JsonObject, { answer }: CallReport): void {
  answer.name(body.id, body.model);
  if (isObject(body.usage)) answer.countTokens(readChatUsage(body.usage), 'provider');
  if (!Array.isArray(body.choices)) return;
  for (const choice of body.choices) if (isObject(choice)) answer.finish(choice.finish_reason);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Whether a chunk carries a part of the answer: the first one usually names the role alone. */
function carriesAnswer({ delta }: JsonObject): boolean {
  if (!isObject(delta)) return false;
  for (const key in delta) if (key !== 'role' && !isEmpty(delta[key])) return true;
  return false;
}

/** Reads answers whose parts are in `choices`; `carries` says whether a choice of a chunk is a part of the answer. */
export function choicesObserver(carries: (choice: JsonObject) => boolean): Observer {
  const kindOf = ({ choices, usage, error }: JsonObject): EventKind => {
    if (error !== undefined && error !== null) return 'error';
    if (!Array.isArray(choices)) return 'lifecycle';
    if (choices.length === 0 && isObject(usage)) return 'usage';
    return choices.some((choice) => isObject(choice) && carries(choice)) ? 'answer' : 'lifecycle';
  };
  return {
    endMarker: '[DONE]',
    answer: observe,
    event({ name, body }, report) {
      const kind = name === 'error' ? 'error' : kindOf(body);
      if (kind !== 'error') observe(body, report);
      return kind;
    },
  };
}

/** Reads chat completions, whole or in chunks. */
export const chatObserver = choicesObserver(carriesAnswer);
