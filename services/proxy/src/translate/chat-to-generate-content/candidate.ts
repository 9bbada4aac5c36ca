import { isObject, type JsonObject } from '../../json.ts';

/** What the parts of one candidate say, in the words of chat completions. */
export interface Said {
  readonly content: string | undefined;
  readonly reasoning: string | undefined;
  readonly toolCalls: readonly JsonObject[];
}

function textOf(parts: readonly JsonObject[], thought: boolean): string | undefined {
  const texts = parts.filter((part) => typeof part.text === 'string' && (part.thought === true) === thought);
  return texts.length === 0 ? undefined : texts.map(({ text }) => String(text)).join('');
}

/** Calls get ids here, as theirs have none that must be given back. */
function toolCallsOf(parts: readonly JsonObject[], nextId: () => string): JsonObject[] {
  return parts.flatMap((part) => {
    if (!isObject(part.functionCall)) return [];
    const { name, args } = part.functionCall;
    const signature = part.thoughtSignature;
    return [
      {
        id: nextId(),
        type: 'function',
        function: { name, arguments: JSON.stringify(args ?? {}) },
        ...(signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } }),
      },
    ];
  });
}

/** Reads the content of a candidate. */
export function readCandidate(candidate: JsonObject, nextId: () => string): Said {
  const content = isObject(candidate.content) ? candidate.content.parts : undefined;
  const parts = (Array.isArray(content) ? content : []).filter(isObject);
  return {
    content: textOf(parts, false),
    reasoning: textOf(parts, true),
    toolCalls: toolCallsOf(parts, nextId),
  };
}

const finishReasons: Readonly<Record<string, string>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  LANGUAGE: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
  IMAGE_PROHIBITED_CONTENT: 'content_filter',
  IMAGE_RECITATION: 'content_filter',
};

/** Why a candidate ended, in the words of chat completions: one that calls a tool ends with STOP as well. */
export function toFinishReason(reason: unknown, calledTool: boolean): string {
  const known = finishReasons[String(reason)] ?? 'stop';
  return known === 'stop' && calledTool ? 'tool_calls' : known;
}

/** The candidates of an answer; one that was filtered where the prompt was blocked and there are none. */
export function candidatesOf(body: JsonObject): readonly JsonObject[] {
  const candidates = (Array.isArray(body.candidates) ? body.candidates : []).filter(isObject);
  const blocked = isObject(body.promptFeedback) && body.promptFeedback.blockReason !== undefined;
  return candidates.length === 0 && blocked ? [{ index: 0, finishReason: 'PROHIBITED_CONTENT' }] : candidates;
}
