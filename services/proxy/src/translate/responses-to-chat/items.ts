import type { JsonObject } from '../../json.ts';
import { itemId } from './response.ts';

/** Which item of a response is made: its place among them, and the request it belongs to. */
export interface ItemPlace {
  readonly requestId: string;
  readonly index: number;
}

type Status = 'in_progress' | 'completed' | 'incomplete';

export function textPart(text: string): JsonObject {
  return { type: 'output_text', text, annotations: [], logprobs: [] };
}

export function refusalPart(refusal: string): JsonObject {
  return { type: 'refusal', refusal };
}

/** What the model thought, in so far as its provider tells. */
export function reasoningItem({ requestId, index }: ItemPlace, text: string): JsonObject {
  const summary = text === '' ? [] : [summaryPart(text)];
  return { id: itemId('rs', requestId, index), type: 'reasoning', summary };
}

export function summaryPart(text: string): JsonObject {
  return { type: 'summary_text', text };
}

/** What the model said. */
export function messageItem(
  { requestId, index }: ItemPlace,
  { status, content }: { status: Status; content: readonly JsonObject[] },
): JsonObject {
  return { id: itemId('msg', requestId, index), type: 'message', status, role: 'assistant', content };
}

/** A function the model wants called. */
export function callItem(
  { requestId, index }: ItemPlace,
  call: { status: Status; callId: unknown; name: unknown; arguments: string },
): JsonObject {
  return {
    id: itemId('fc', requestId, index),
    type: 'function_call',
    status: call.status,
    call_id: call.callId,
    name: call.name,
    arguments: call.arguments,
  };
}
