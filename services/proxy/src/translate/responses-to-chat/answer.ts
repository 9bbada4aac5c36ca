import { isObject, type JsonObject } from '../../json.ts';
import { reasoningOf } from '../parts-in-order.ts';
import type { TranslationContext } from '../translation.ts';
import { callItem, messageItem, reasoningItem, refusalPart, textPart } from './items.ts';
import { endOf, responseBody, toResponseUsage } from './response.ts';

function outputOf(message: JsonObject, requestId: string): JsonObject[] {
  const calls: readonly unknown[] = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const { content, refusal } = message;
  const parts: JsonObject[] = [];
  if (typeof content === 'string' && content !== '') parts.push(textPart(content));
  if (typeof refusal === 'string' && refusal !== '') parts.push(refusalPart(refusal));
  const reasoning = reasoningOf(message);
  const thought = reasoning === undefined ? [] : [reasoningItem({ requestId, index: 0 }, reasoning)];
  const place = { requestId, index: thought.length };
  const said = parts.length === 0 ? [] : [messageItem(place, { status: 'completed', content: parts })];
  const called = calls.filter(isObject).map(({ id, function: wanted }, index) => {
    const { name, arguments: text } = isObject(wanted) ? wanted : {};
    const call = { status: 'completed', callId: id, name, arguments: String(text ?? '') } as const;
    return callItem({ requestId, index: thought.length + said.length + index }, call);
  });
  return [...thought, ...said, ...called];
}

/** A chat completion as a response. */
export function toResponseBody(completion: JsonObject, context: TranslationContext): JsonObject {
  const [choice] = (Array.isArray(completion.choices) ? completion.choices : []).filter(isObject);
  const message = isObject(choice?.message) ? choice.message : {};
  return responseBody(
    {
      createdUnixSeconds: Math.floor(Date.now() / 1000),
      model: completion.model,
      ...endOf(choice?.finish_reason),
      output: outputOf(message, context.requestId),
      usage: toResponseUsage(completion.usage),
    },
    context,
  );
}
