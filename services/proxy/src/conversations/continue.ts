import { type ModelRequest, withBody } from '../dialects/model-request.ts';
import { readItems } from '../dialects/responses/items.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { ConversationTurn } from './conversation-store.ts';

/** What a provider can be told again: thoughts that only it can read, and only where it keeps them, are not. */
export function isTellable(item: JsonObject): boolean {
  return item.type !== 'reasoning' || typeof item.encrypted_content === 'string';
}

/** The request with the whole conversation as its input: what was said before it, then what it says itself. */
export function continueConversation(
  request: ModelRequest,
  previous: ConversationTurn | undefined,
): ModelRequest {
  if (previous === undefined) return request;
  const items = [...previous.items.filter(isTellable), ...readItems(request.body.input)];
  return withBody(request, { ...request.body, input: items });
}

/** Everything said up to and including an answer; what cannot be told again as well, since clients refer to it. */
export function itemsAfter(request: ModelRequest, response: JsonObject): readonly JsonObject[] {
  const output: readonly unknown[] = Array.isArray(response.output) ? response.output : [];
  return [...readItems(request.body.input), ...output.filter(isObject)];
}
