import { readChatUsage } from '../../dialects/chat/observer.ts';
import type { JsonObject } from '../../json.ts';
import type { TranslationContext } from '../translation.ts';

/** What a response repeats of its request. */
const repeated = [
  'instructions',
  'max_output_tokens',
  'metadata',
  'parallel_tool_calls',
  'previous_response_id',
  'reasoning',
  'store',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_p',
  'truncation',
  'user',
] as const;

const defaults: JsonObject = {
  metadata: {},
  parallel_tool_calls: true,
  reasoning: { effort: null, summary: null },
  store: true,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  truncation: 'disabled',
};

/** Ids follow from the request's: one for the response, and one for each of its items. */
export function responseId(requestId: string): string {
  return `resp_${requestId.replaceAll('-', '')}`;
}

export function itemId(kind: 'msg' | 'fc' | 'rs', requestId: string, index: number): string {
  return `${kind}_${requestId.replaceAll('-', '')}_${index}`;
}

/** The counts of a chat in the words of responses; null when nobody counted. */
export function toResponseUsage(usage: unknown): JsonObject | null {
  const counted = readChatUsage(usage);
  if (counted === undefined) return null;
  const { inputTokens, outputTokens, cacheReadTokens = 0, reasoningTokens = 0 } = counted;
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cacheReadTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  };
}

export interface ResponseParts {
  readonly createdUnixSeconds: number;
  readonly model: unknown;
  readonly status: 'in_progress' | 'completed' | 'incomplete';
  /** Why it is incomplete. */
  readonly reason?: string | undefined;
  readonly output: readonly JsonObject[];
  readonly usage: JsonObject | null;
}

/** A response, with what it repeats of its request. */
export function responseBody(parts: ResponseParts, { request, requestId }: TranslationContext): JsonObject {
  const { body } = request;
  return {
    id: responseId(requestId),
    object: 'response',
    created_at: parts.createdUnixSeconds,
    status: parts.status,
    background: false,
    error: null,
    incomplete_details: parts.reason === undefined ? null : { reason: parts.reason },
    model: parts.model,
    output: parts.output,
    usage: parts.usage,
    ...Object.fromEntries(repeated.map((name) => [name, body[name] ?? defaults[name] ?? null])),
  };
}

const reasons: Readonly<Record<string, string>> = {
  length: 'max_output_tokens',
  content_filter: 'content_filter',
};

/** How a completion that ended for this reason ends as a response. */
export function endOf(finishReason: unknown): Pick<ResponseParts, 'status' | 'reason'> {
  const reason = reasons[String(finishReason)];
  return reason === undefined ? { status: 'completed' } : { status: 'incomplete', reason };
}
